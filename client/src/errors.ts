/** Base of what the client reports to people: what happened, whether money moved, what to do next. */
export class ClientError extends Error {
  override name = 'ClientError'
  readonly moneyMoved: false | 'unknown' = false
  readonly suggestion: string
  /** 1: fix something first; 75: the same again may work later. */
  readonly exitCode: 1 | 75

  constructor(message: string, suggestion: string, options: { cause?: unknown; exitCode?: 1 | 75 } = {}) {
    super(message, { cause: options.cause })
    this.suggestion = suggestion
    this.exitCode = options.exitCode ?? 1
  }
}

/** A configuration file that cannot be used; names the key. */
export class ConfigInvalid extends ClientError {
  override name = 'ConfigInvalid'
}

/** What the buyer ordered cannot be run as it stands. */
export class JobRejected extends ClientError {
  override name = 'JobRejected'
}

/** Waiting does not mend this: the order is given up. */
export class CannotContinue extends ClientError {
  override name = 'CannotContinue'
}
