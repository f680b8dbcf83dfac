import { ChainError } from '@trainyard/contracts/errors.ts'
import { judgeBenchmark as sendVerdict } from '@trainyard/contracts/judgeBenchmark.ts'
import { type EventArgs, interfaces } from '@trainyard/contracts/pallets.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { ZeroAddress, ZeroHash } from 'ethers'
import { maxEvidenceBytes, readEvidence } from '../benchmark/evidence.ts'
import { judgeBenchmark } from '../benchmark/judgeBenchmark.ts'
import { machineSeed } from '../benchmark/samplesOf.ts'
import { fetchBytes } from '../content/fetchBytes.ts'
import { InputInvalid } from '../errors.ts'
import { fromHex } from '../hash/hex.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'
import type { Head } from './stepOrder.ts'

const FETCH_TIMEOUT_MS = 30_000
const LOOKBACK_BLOCKS = 500

type Submitted = EventArgs<'hashrate', 'BenchmarkSubmitted'>
type Verdict = { wrong: string | undefined } | 'later' | 'not mine'

/** Benchmarks that this auditor may have to judge. */
export type BenchmarkWatch = { fromBlock: number | undefined; open: Submitted[] }

/**
 * Looks at the benchmarks that were submitted since the last call, and at those that wait: fetches their sampled products
 * once these are drawn, and votes. What is not served until the votes' last third counts as wrong.
 */
export async function judgeBenchmarks(auditor: Auditor, watch: BenchmarkWatch, head: Head): Promise<void> {
  const { context, log } = auditor
  if (context.deployment.hashrate === ZeroAddress) return
  const from = Math.max(0, watch.fromBlock ?? head.blockNumber - LOOKBACK_BLOCKS)
  const topic = interfaces.hashrate.getEvent('BenchmarkSubmitted')!.topicHash
  for (const event of await readEvents(context, from, head.blockNumber, {
    pallet: 'hashrate',
    topics: [topic],
  })) {
    if (event.name === 'BenchmarkSubmitted') watch.open.push(event.args)
  }
  watch.fromBlock = head.blockNumber + 1
  const left: Submitted[] = []
  // At once: one machine that does not answer holds the others up no longer than itself.
  const verdicts = await Promise.all(watch.open.map((submitted) => lookAt(auditor, submitted, head)))
  for (const [i, verdict] of verdicts.entries()) {
    const submitted = watch.open[i]!
    if (verdict === 'later') left.push(submitted)
    if (typeof verdict === 'string') continue
    const about = { machineId: String(submitted.machineId), round: submitted.round, wrong: verdict.wrong }
    log.info(about, verdict.wrong === undefined ? 'benchmark holds' : 'benchmark is wrong')
    await vote(auditor, submitted.machineId, verdict.wrong === undefined)
  }
  watch.open = left
}

async function lookAt(auditor: Auditor, submitted: Submitted, head: Head): Promise<Verdict> {
  const { context, account } = auditor
  const { machineId, round, report } = submitted
  const device = await read(context, 'hashrate', 'deviceOf', [machineId])
  if (device.pendingRound !== round) return 'not mine'
  const panel = await read(context, 'hashrate', 'benchmarkPanelOf', [machineId])
  const sampleSeed = await read(context, 'hashrate', 'sampleSeedOf', [machineId])
  if (panel.length === 0 && sampleSeed === ZeroHash) return 'later'
  if (!panel.some((member) => isSame(member, account))) return 'not mine'
  const { seed, openedAt, closesAt } = await read(context, 'hashrate', 'roundOf', [round])
  const { size, products, memoryMiB } = report
  const precisions = report.precisions.map((one) => ({ ...one, root: fromHex(one.root) }))
  const claim = { size, products, memoryMiB, root: fromHex(report.root), precisions }
  try {
    const url = `${report.evidenceUri}/${round}`
    const maxBytes = maxEvidenceBytes(size, precisions.length)
    const bytes = await fetchBytes({ url, maxBytes, timeoutMs: FETCH_TIMEOUT_MS })
    const evidence = readEvidence(bytes, size, precisions.length)
    return { wrong: judgeBenchmark(machineSeed(seed, machineId), claim, sampleSeed, evidence) }
  } catch (error) {
    if (error instanceof InputInvalid) return { wrong: error.message }
    const lastThirdAt = openedAt + 2 * (closesAt - openedAt)
    return head.timestamp < lastThirdAt ? 'later' : { wrong: 'its states are not served' }
  }
}

/** Another vote may have decided it before, or this one was sent before a restart. */
async function vote({ context, log }: Auditor, machineId: bigint, valid: boolean): Promise<void> {
  try {
    await sendVerdict(context, { machineId, valid })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    log.info({ machineId: String(machineId), reason: error.message }, 'the benchmark needs no vote any more')
  }
}
