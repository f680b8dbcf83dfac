import type { ChainContext } from '@trainyard/contracts/context.ts'
import { OPERATIONS_PER_NUT } from '@trainyard/contracts/deploy/scoreParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { submitTask } from '@trainyard/contracts/submitTask.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { type DrillTask, operationsOf } from '@trainyard/verifier/drill/task.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { sha256 } from 'ethers'
import { ClientError } from '../errors.ts'

const MAX_FILL_INS = 16n

export type SubmittedTask = { spec: string; nut: bigint; feeWei: bigint; txHash: string }

/**
 * Puts drilling tasks and their data into the store, and queues them. Each pays for its operations, and for a fill-in at
 * least. Throws ClientError before anything is sent for a task that is too large.
 * @param confirm asked with what all of them burn; throws to stop
 */
export async function submitTasks(args: {
  context: ChainContext
  store: string
  tasks: readonly DrillTask[]
  data: readonly Uint8Array[]
  confirm: (feeWei: bigint) => Promise<void>
}): Promise<SubmittedTask[]> {
  const { context, store, tasks, data, confirm } = args
  const least = await read(context, 'drilling', 'fillInNut', [])
  const nuts = tasks.map((task, at) => nutOf(task, at, least))
  const fees = await Promise.all(nuts.map((nut) => read(context, 'drilling', 'feeOf', [nut])))
  const feeWei = fees.reduce((sum, fee) => sum + fee, 0n)
  await confirm(feeWei)
  for (const bytes of data) await putBlocks(store, (await addBytes(bytes)).blocks)
  const missingWei = feeWei - (await readFree(context, await signerOf(context).getAddress()))
  if (missingWei > 0n) await deposit(context, { amountWei: missingWei })
  const submitted: SubmittedTask[] = []
  for (const [at, task] of tasks.entries()) {
    const bytes = canonicalBytes(task)
    const spec = sha256(bytes)
    const uri = rawCid(spec)
    const nut = nuts[at]!
    // First the text: machines that are drawn at once must find it.
    await putBlocks(store, [{ cid: uri, bytes }])
    const { hash: txHash } = await submitTask(context, { spec, uri, nut })
    submitted.push({ spec, nut, feeWei: fees[at]!, txHash })
  }
  return submitted
}

function nutOf(task: DrillTask, at: number, least: bigint): bigint {
  const nut = BigInt(Math.ceil(operationsOf(task) / OPERATIONS_PER_NUT))
  if (nut <= MAX_FILL_INS * least) return nut > least ? nut : least
  const samples = Number((BigInt(task.count) * MAX_FILL_INS * least) / nut)
  throw new ClientError(
    `Task ${at + 1} takes more work than machines are given time for.`,
    samples > 0
      ? `Cut it with --shard ${samples}. Nothing was sent.`
      : 'Give it fewer networks, or smaller ones. Nothing was sent.',
  )
}
