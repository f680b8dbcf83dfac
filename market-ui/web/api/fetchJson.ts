/** What went wrong with a request, in words for the page. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  /** 0 when no answer came. */
  readonly status: number
  readonly title: string
  readonly suggestion: string
  readonly requestId: string | undefined

  constructor(facts: {
    status: number
    title: string
    detail: string
    suggestion: string
    requestId?: string | undefined
  }) {
    super(facts.detail)
    this.status = facts.status
    this.title = facts.title
    this.suggestion = facts.suggestion
    this.requestId = facts.requestId
  }
}

const TIMEOUT_MS = 10_000

/** Reads JSON from our own server, whose answers its schemas have checked. Throws ApiProblem. */
export const fetchJson = async <T>(url: string, signal: AbortSignal, timeoutMs = TIMEOUT_MS): Promise<T> => {
  let response: Response
  try {
    response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw unanswered()
  }
  if (response.ok) return (await response.json()) as T
  throw await problemOf(response)
}

/** No answer came at all. */
export const unanswered = () =>
  new ApiProblem({
    status: 0,
    title: 'The market server does not answer',
    detail: 'The page could not reach the server it came from.',
    suggestion: 'Check that it is running (npm start), then try again.',
  })

/** The problem in an answer that is not a success. */
export const problemOf = async (response: Response): Promise<ApiProblem> => {
  const problem = (await response.json().catch(() => ({}))) as Partial<Record<string, string>>
  return new ApiProblem({
    status: response.status,
    title: problem.title ?? `The server answered with status ${response.status}`,
    detail: problem.detail ?? 'It did not say why.',
    suggestion: problem.suggestion ?? 'Try again.',
    requestId: problem.requestId,
  })
}
