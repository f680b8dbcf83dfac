import type { Rim } from '../../../client/src/cli/rim.ts'
import { createSay } from '../../../client/src/cli/say.ts'

/** A command's surroundings with nobody at the terminal: keeps what it answers and how it ends. */
export function fakeRim(env: Record<string, string> = {}) {
  const answers: unknown[] = []
  const texts: string[] = []
  const codes: number[] = []
  const rim: Rim = {
    env,
    isInteractive: false,
    say: ({ json }) =>
      createSay(json ?? false, {
        stdout: (line) => {
          texts.push(line)
          if (json) answers.push(JSON.parse(line))
        },
        stderr: () => undefined,
      }),
    exitWith: (code) => codes.push(code),
    interrupted: () => new AbortController().signal,
  }
  return { rim, answers, texts, codes }
}
