import type { Environment } from '../config/environment.ts'
import type { Say } from './say.ts'

/** What a command has of the process it runs in. */
export type Rim = {
  env: Environment
  /** Whether somebody sits there who can be asked. */
  isInteractive: boolean
  say(options: { json?: true }): Say
  /** The command did what it could, and this is how it went. */
  exitWith(code: 0 | 1 | 75): void
  /** Aborts at Ctrl-C. */
  interrupted(): AbortSignal
}
