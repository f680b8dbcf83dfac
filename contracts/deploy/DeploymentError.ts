/** A deployment that cannot be begun or taken up. No user's money is in it yet. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError'
  readonly moneyMoved = false
  readonly suggestion: string

  constructor(message: string, suggestion: string) {
    super(message)
    this.suggestion = suggestion
  }
}
