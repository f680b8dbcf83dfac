/** A start-up or run failure that a user can act on. Prints as one sentence; `exitCode` is the process's. */
export class YardError extends Error {
  readonly exitCode: number
  constructor(message: string, options: { cause?: unknown; exitCode?: number } = {}) {
    super(message, { cause: options.cause })
    this.name = 'YardError'
    this.exitCode = options.exitCode ?? 1
  }
}
