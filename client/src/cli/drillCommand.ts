import type { ChainContext } from '@trainyard/contracts/context.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readTask, type TaskFacts } from '@trainyard/contracts/readTask.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { readTasks } from '@trainyard/verifier/drill/readTasks.ts'
import { encodeBytes32String, ZeroHash } from 'ethers'
import { submitTasks } from '../buyer/submitTasks.ts'
import { ClientError } from '../errors.ts'
import { amountsIn } from './amountsIn.ts'
import { confirmed } from './confirmed.ts'
import { readStdin } from './readStdin.ts'
import { readUserFile } from './readUserFile.ts'
import type { Rim } from './rim.ts'
import { tellTable } from './tellTable.ts'
import type { DrillOptions } from './verbs/drill.ts'
import { requireAccount, withChain } from './withChain.ts'

const NUT_PER_UT = 1e9
const MAX_TEXT_BYTES = 64 * 1024
const FETCH_TIMEOUT_MS = 10_000
const UNAVAILABLE = encodeBytes32String('unavailable')

/** Queues the tasks of a file, or of what a program writes to standard input. */
export async function submitDrill(file: string, options: DrillOptions, rim: Rim): Promise<void> {
  requireAccount(options)
  const bytes = file === '-' ? await readStdin() : await readUserFile(file)
  const tasks = readTasks(bytes, options.shard)
  const data = await Promise.all(options.data.map(readUserFile))
  await withChain(options, rim, async (context, { store }) => {
    const amount = await amountsIn(context)
    const what = tasks.length === 1 ? 'one task' : `${tasks.length} tasks`
    const confirm = (feeWei: bigint) =>
      confirmed(rim, options, `Burn ${amount(feeWei)} for ${what}, whoever is drawn?`)
    const submitted = await submitTasks({ context, store, tasks, data, confirm })
    const queued = await read(context, 'drilling', 'queued', [])
    const burned = submitted.reduce((sum, { feeWei }) => sum + feeWei, 0n)
    const lines = submitted.map(({ spec, nut }) => `${spec}  ${utOf(nut)} to each machine that agrees`)
    rim
      .say(options)
      .answer(
        { tasks: submitted, queued },
        [
          ...lines,
          `Queued: ${amount(burned)} burned; ${queued} tasks wait. See "trainyard drill list".`,
        ].join('\n'),
      )
  })
}

/** The newest tasks, and how many wait to be opened. */
export async function listDrills(options: DrillOptions, rim: Rim): Promise<void> {
  await withChain(options, rim, async (context) => {
    const count = await read(context, 'drilling', 'taskCount', [])
    const queued = await read(context, 'drilling', 'queued', [])
    const tickets = await read(context, 'drilling', 'ticketCount', [])
    const numbers = Array.from(
      { length: Math.min(Number(count), options.limit) },
      (_, i) => count - BigInt(i),
    )
    const tasks = await Promise.all(
      numbers.map(async (taskId) => ({ taskId, ...(await readTask(context, taskId)) })),
    )
    const rows = tasks.map((task) => [
      String(task.taskId),
      task.spec === ZeroHash ? 'fill-in' : 'submitted',
      task.stage,
      utOf(task.nut),
      `${agreeing(task)} of ${task.members.length}`,
      resultOf(task),
    ])
    const head = ['task', 'kind', 'stage', 'credit', 'agree', 'result']
    const waiting = `${queued} submitted tasks wait to be opened; ${tickets} tickets may be drawn.`
    const table = rows.length === 0 ? 'No task was opened yet.' : tellTable([head, ...rows])
    rim.say(options).answer({ tasks: tasks.map(plain), queued, tickets }, `${table}\n${waiting}`)
  })
}

/** One task: its text, who was drawn, what each said, and who was credited. */
export async function showDrill(taskId: bigint, options: DrillOptions, rim: Rim): Promise<void> {
  await withChain(options, rim, async (context, { store }) => {
    const task = await found(context, taskId)
    const [text, result] = await Promise.all([textOf(store, task.spec), textOf(store, task.result)])
    const credited = isDone(task) ? task.nut : 0n
    const members = task.members.map((member) => ({
      machineId: String(member.machineId),
      said: saidBy(member),
      nut: isDone(task) && member.result === task.result ? credited : 0n,
    }))
    const lines = [
      `task ${taskId}: ${task.spec === ZeroHash ? 'fill-in' : task.spec}, ${task.stage}, draw ${task.round + 1}`,
      `text    ${text ?? (task.spec === ZeroHash ? 'follows from the seed that drew its machines' : 'the store does not have it')}`,
      `result  ${resultOf(task)}${result === undefined ? '' : ` ${result}`}`,
      ...members.map(
        ({ machineId, said, nut }) =>
          `machine ${machineId}  ${said}${nut > 0n ? `, credited ${utOf(nut)}` : ''}`,
      ),
    ]
    const answer = { taskId, ...plain(task), members, text: text ?? null, metrics: result ?? null }
    rim.say(options).answer(answer, lines.join('\n').replace(/[^\P{Cc}\n]/gu, ''))
  })
}

async function found(context: ChainContext, taskId: bigint): Promise<TaskFacts> {
  const task = await readTask(context, taskId)
  if (task.stage !== 'None') return task
  throw new ClientError(`There is no drilling task ${taskId}.`, 'See "trainyard drill list".')
}

/** What the store has under a hash; machines put the text of their result there once it is open. */
async function textOf(store: string, hash: string): Promise<string | undefined> {
  if (hash === ZeroHash || hash === UNAVAILABLE) return undefined
  const wanted = { cid: rawCid(hash), gateway: store, maxBytes: MAX_TEXT_BYTES, timeoutMs: FETCH_TIMEOUT_MS }
  const bytes = await fetchContent(wanted).catch(() => undefined)
  return bytes && new TextDecoder().decode(bytes)
}

function isDone({ result }: TaskFacts): boolean {
  return result !== ZeroHash && result !== UNAVAILABLE
}

function agreeing({ members, result }: TaskFacts): number {
  return result === ZeroHash ? 0 : members.filter((member) => member.result === result).length
}

function resultOf({ result }: TaskFacts): string {
  return result === ZeroHash ? 'none' : result === UNAVAILABLE ? 'data unavailable' : result
}

function saidBy({ result, commitment, dropped }: TaskFacts['members'][number]): string {
  if (dropped) return 'left for an order'
  if (result === UNAVAILABLE) return 'said that the data cannot be had'
  if (result !== ZeroHash) return `said ${result}`
  return commitment === ZeroHash ? 'said nothing' : 'committed'
}

function plain({ spec, seed, nut, stage, result, round }: TaskFacts) {
  return { spec, seed, nut, stage, result, round }
}

function utOf(nut: bigint): string {
  return `${Number(nut) / NUT_PER_UT} ut`
}
