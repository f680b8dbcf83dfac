import type { Verdict } from './verdict.ts'

/** What a command may do to the world outside: only cli.ts has the real one. */
export type Rim = {
  /** One answer on stdout. */
  say: (text: string) => void
  exitWith: (verdict: Verdict['verdict']) => void
}
