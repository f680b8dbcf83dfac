import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { DriverError } from '../drivers/driverErrors.ts'

/** Whether an error means "unknown, ask again" (a node, a store or an engine that does not answer). */
export function isRetryable(error: unknown): boolean {
  if (error instanceof ChainUnreachable || error instanceof ContentUnavailable) return true
  return error instanceof DriverError && error.retryable
}
