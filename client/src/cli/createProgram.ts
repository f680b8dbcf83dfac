import { Command } from 'commander'
import type { Rim } from './rim.ts'
import { addBenchmark } from './verbs/benchmark.ts'
import { addCancel } from './verbs/cancel.ts'
import { addCompletion } from './verbs/completion.ts'
import { addDoctor } from './verbs/doctor.ts'
import { addDrain } from './verbs/drain.ts'
import { addDrill } from './verbs/drill.ts'
import { addExtend } from './verbs/extend.ts'
import { addFetch } from './verbs/fetch.ts'
import { addInit } from './verbs/init.ts'
import { addLogs } from './verbs/logs.ts'
import { addMachines } from './verbs/machines.ts'
import { addOrder } from './verbs/order.ts'
import { addScore } from './verbs/score.ts'
import { addShowRound } from './verbs/showRound.ts'
import { addStart } from './verbs/start.ts'
import { addStatus } from './verbs/status.ts'
import { addWatch } from './verbs/watch.ts'
import { addWithdraw } from './verbs/withdraw.ts'

/** All commands; each loads what it needs when it runs: a daemon no buyer's code, `--help` nothing at all. */
export function createProgram(rim: Rim): Command {
  const program = new Command('trainyard')
    .description(
      'Sell or buy training that is proved before it is paid. Exit codes: 0 done, 1 failed, 75 try again.',
    )
    .exitOverride()
  const verbs = [addInit, addDoctor, addBenchmark, addStart, addStatus, addLogs, addDrain, addWithdraw]
  const buyers = [
    addMachines,
    addScore,
    addOrder,
    addWatch,
    addExtend,
    addCancel,
    addFetch,
    addDrill,
    addShowRound,
  ]
  for (const add of [...verbs, ...buyers, addCompletion]) add(program, rim)
  return program
}
