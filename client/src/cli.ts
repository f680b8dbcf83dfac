import { CommanderError } from 'commander'
import { createProgram } from './cli/createProgram.ts'
import type { Rim } from './cli/rim.ts'
import { createSay } from './cli/say.ts'
import { sentenceOf } from './sentenceOf.ts'

const rim: Rim = {
  env: process.env,
  isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  say: (options) =>
    createSay(options.json ?? false, {
      stdout: (line) => console.log(line),
      stderr: (line) => console.error(line),
    }),
  exitWith: (code) => {
    process.exitCode = code
  },
  interrupted: () => {
    const stop = new AbortController()
    process.once('SIGINT', () => stop.abort())
    return stop.signal
  },
}

function report(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 1
    return
  }
  if (error instanceof Error && error.name === 'AbortError') {
    console.error('Stopped. What was under way goes on.')
    process.exitCode = 75
    return
  }
  const { exitCode, ...failure } = sentenceOf(error)
  if (process.argv.includes('--json')) console.log(JSON.stringify(failure))
  console.error(`${failure.message} ${failure.suggestion}`)
  process.exitCode = exitCode
}

try {
  await createProgram(rim).parseAsync()
} catch (error) {
  report(error)
}
