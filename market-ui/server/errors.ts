/** An answer that is not a success, as problem+json (RFC 9457) with what it means for money and what to do next. */
export class HttpProblem extends Error {
  readonly status: number
  readonly title: string
  readonly suggestion: string
  /** Nothing this server does moves money: it holds no keys. */
  readonly moneyMoved = false

  constructor(status: number, title: string, detail: string, suggestion: string) {
    super(detail)
    this.name = 'HttpProblem'
    this.status = status
    this.title = title
    this.suggestion = suggestion
  }
}

/** The configuration file is missing or wrong; the process cannot start. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
