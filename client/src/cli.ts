import { Command, CommanderError } from 'commander'
import type { Rim } from './cli/rim.ts'
import { createSay } from './cli/say.ts'
import { addBenchmark } from './cli/verbs/benchmark.ts'
import { addCancel } from './cli/verbs/cancel.ts'
import { addCompletion } from './cli/verbs/completion.ts'
import { addDoctor } from './cli/verbs/doctor.ts'
import { addDrain } from './cli/verbs/drain.ts'
import { addExtend } from './cli/verbs/extend.ts'
import { addFetch } from './cli/verbs/fetch.ts'
import { addInit } from './cli/verbs/init.ts'
import { addLogs } from './cli/verbs/logs.ts'
import { addMachines } from './cli/verbs/machines.ts'
import { addOrder } from './cli/verbs/order.ts'
import { addStart } from './cli/verbs/start.ts'
import { addStatus } from './cli/verbs/status.ts'
import { addWatch } from './cli/verbs/watch.ts'
import { addWithdraw } from './cli/verbs/withdraw.ts'
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

/** All commands; each loads what it needs when it runs: a daemon no buyer's code, `--help` nothing at all. */
function createProgram(): Command {
  const program = new Command('trainyard')
    .description(
      'Sell or buy training that is proved before it is paid. Exit codes: 0 done, 1 failed, 75 try again.',
    )
    .exitOverride()
  const verbs = [addInit, addDoctor, addBenchmark, addStart, addStatus, addLogs, addDrain, addWithdraw]
  const buyers = [addMachines, addOrder, addWatch, addExtend, addCancel, addFetch]
  for (const add of [...verbs, ...buyers, addCompletion]) add(program, rim)
  return program
}

function report(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 1
    return
  }
  const { exitCode, ...failure } = sentenceOf(error)
  if (process.argv.includes('--json')) console.log(JSON.stringify(failure))
  console.error(`${failure.message} ${failure.suggestion}`)
  process.exitCode = exitCode
}

try {
  await createProgram().parseAsync()
} catch (error) {
  report(error)
}
