import { randomBytes } from 'node:crypto'
import { closeTask } from '@trainyard/contracts/closeTask.ts'
import { commitResult } from '@trainyard/contracts/commitResult.ts'
import { drawMembers } from '@trainyard/contracts/drawMembers.ts'
import { drillCommitment } from '@trainyard/contracts/drillCommitment.ts'
import { dropTask } from '@trainyard/contracts/dropTask.ts'
import { enrol } from '@trainyard/contracts/enrol.ts'
import { openTask } from '@trainyard/contracts/openTask.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readTask, type TaskFacts } from '@trainyard/contracts/readTask.ts'
import { revealResult } from '@trainyard/contracts/revealResult.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { resultOf } from '@trainyard/verifier/drill/runTask.ts'
import { encodeBytes32String, hexlify, ZeroHash } from 'ethers'
import { attempt } from './attempt.ts'
import type { Scorer } from './scorer.ts'
import { taskOf } from './taskOf.ts'

const RECENT_TASKS = 20n
const MIN_TICKETS = 3n
const UNAVAILABLE = encodeBytes32String('unavailable')

/** text: what the result is the hash of. */
type Secret = { result: string; salt: string; text?: string }

/**
 * One look at the drilling tasks: enrols the machine while it has a score, opens and draws tasks that wait for somebody,
 * and does this machine's part. With an order on the machine it drops what it has not committed to, at once.
 */
export async function drill(scorer: Scorer): Promise<void> {
  const { chain, machineId } = scorer
  const count = await read(chain, 'drilling', 'taskCount', [])
  for (let taskId = count; taskId > 0n && taskId > count - RECENT_TASKS; taskId--) {
    await advance(scorer, taskId, await readTask(chain, taskId))
  }
  if (scorer.isBusy()) return
  const { tickets } = await read(chain, 'drilling', 'enrolmentOf', [machineId])
  if (tickets === 0n && (await read(chain, 'hashrate', 'freshMflops', [machineId])) > 0n) {
    await attempt(() => enrol(chain, { machineId }))
  }
  const enough = (await read(chain, 'drilling', 'ticketCount', [])) >= MIN_TICKETS
  if (enough && (await read(chain, 'drilling', 'openTasks', [])) === 0n) await attempt(() => openTask(chain))
}

/** Whoever comes first draws and closes; the others are refused, which changes nothing. */
async function advance(scorer: Scorer, taskId: bigint, task: TaskFacts): Promise<void> {
  const { chain, machineId, journal } = scorer
  if (task.stage === 'Drawing') return void (await attempt(() => drawMembers(chain, { taskId })))
  if (task.stage === 'Closing') return void (await attempt(() => closeTask(chain, { taskId })))
  const member = task.members.find((candidate) => BigInt(candidate.machineId) === machineId)
  if (!member || member.dropped) return
  const { round } = task
  const name = `drill ${taskId} ${round} ${machineId}`
  if (task.stage === 'Committing' && member.commitment === ZeroHash) {
    if (scorer.isBusy()) return void (await attempt(() => dropTask(chain, { taskId, machineId })))
    const secret = journal.fact<Secret>(name) ?? (await compute(scorer, task))
    if (!secret) return
    journal.saveFact(name, secret)
    await commitResult(chain, {
      ...{ taskId, machineId },
      commitment: drillCommitment({ taskId, round, machineId, result: secret.result, salt: secret.salt }),
    })
  }
  const secret = journal.fact<Secret>(name)
  if (task.stage === 'Revealing' && member.result === ZeroHash && secret) {
    const { result, salt, text } = secret
    await attempt(() => revealResult(chain, { taskId, machineId, result, salt }))
    // Only now: nobody can copy it any more, and whoever asked for it finds more than a hash.
    if (text !== undefined) await scorer.publish(rawCid(result), new TextEncoder().encode(text))
  }
}

/** Undefined: an order came in between. */
async function compute(scorer: Scorer, facts: TaskFacts): Promise<Secret | undefined> {
  const salt = hexlify(randomBytes(32))
  const task = await taskOf(scorer, facts)
  const data = task && (await scorer.fetchData(task.data).catch(() => undefined))
  if (!data) return { result: UNAVAILABLE, salt }
  const answer = await scorer.bench.drill(task, data)
  // Its data does not fit, which everybody finds: who said nothing would pay for the submitter's mistake.
  if ('misfit' in answer) return { result: UNAVAILABLE, salt }
  const { metrics } = answer
  return metrics && { result: resultOf(metrics), salt, text: new TextDecoder().decode(metrics) }
}
