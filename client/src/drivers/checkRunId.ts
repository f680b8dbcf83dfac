import { DriverError } from './driverErrors.ts'

/** Throws unless runId can be part of a container name and of a path (no separators, no dots first). */
export function checkRunId(runId: string): void {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,99}$/.test(runId)) return
  throw new DriverError(
    `"${runId.slice(0, 120)}" cannot name a run`,
    'Use 1 to 100 letters, digits, dots, dashes and underscores, with a letter or digit first.',
  )
}
