import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './fetchJson.ts'

/** Pages read again when the server says that something changed, so nothing goes stale by itself. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: (failures, error) => failures < 2 && error instanceof ApiProblem && error.status >= 500,
        networkMode: 'always', // the server is on this machine; whether the internet is reachable says nothing
      },
    },
  })
