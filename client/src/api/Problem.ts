/** An HTTP answer that says what is wrong (RFC 9457); nothing this API does moves money. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly title: string
  readonly suggestion: string

  constructor(status: number, title: string, detail: string, suggestion: string) {
    super(detail)
    this.status = status
    this.title = title
    this.suggestion = suggestion
  }

  toJSON() {
    const { status, title, message: detail, suggestion } = this
    return { type: 'about:blank', title, status, detail, moneyMoved: false, suggestion }
  }
}

/** The order, file or step is not here. */
export function notFound(detail: string): Problem {
  return new Problem(404, 'Not found', detail, 'Look at /health for the orders and at their manifest.')
}
