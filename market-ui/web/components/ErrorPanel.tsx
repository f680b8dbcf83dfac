import { ApiProblem } from '../api/fetchJson.ts'

/** What failed, whether money moved, what to do. This server holds no keys, so no request of a page moves money. */
export const ErrorPanel = ({ error, onRetry }: { error: Error; onRetry: () => void }) => {
  const problem = error instanceof ApiProblem ? error : undefined
  return (
    <div role="alert" className="m-4 rounded-lg border border-bad bg-bad-soft p-4 sm:m-6">
      <p className="font-semibold text-bad">{problem?.title ?? 'The page could not read the answer'}</p>
      <p className="mt-1">{error.message}</p>
      <p className="mt-1">No money moved. {problem?.suggestion ?? 'Try again.'}</p>
      <div className="mt-3 flex flex-wrap items-center gap-4">
        <button
          type="button"
          onClick={onRetry}
          className="rounded-lg border border-line-strong bg-surface px-3 py-1.5 font-medium text-text hover:bg-raised"
        >
          Try again
        </button>
        {problem?.requestId && <span className="text-sm text-muted">Request {problem.requestId}</span>}
      </div>
    </div>
  )
}
