import { excuseMachine } from '@trainyard/contracts/excuseMachine.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { requestBenchmark } from '@trainyard/contracts/requestBenchmark.ts'
import { submitBenchmark } from '@trainyard/contracts/submitBenchmark.ts'
import { machineSeed } from '@trainyard/verifier/benchmark/samplesOf.ts'
import { ZeroHash } from 'ethers'
import { attempt } from './attempt.ts'
import type { Measured } from './measuring.ts'
import type { Scorer } from './scorer.ts'

/** Of what is left of the round when it begins: the rest is for the container's start, the last product, the transaction. */
const SHARE_OF_WINDOW = 0.6
const LEAST_MS = 1_000

export type Submitted = { round: number; measured: Measured }

/**
 * Asks for benchmarks once, and takes part in the round that is open: multiplies until the window is nearly over, then
 * submits. Returns what was submitted.
 */
export async function takeBenchmark(scorer: Scorer): Promise<Submitted | undefined> {
  const { chain, machineId, measuring, logger } = scorer
  const firstRound = await read(chain, 'hashrate', 'firstRoundOf', [machineId])
  if (firstRound === 0) {
    await requestBenchmark(chain, { machineId })
    logger.info({ msg: 'asked for benchmarks', machineId: String(machineId) })
    return undefined
  }
  const round = await read(chain, 'hashrate', 'currentRound', [])
  if (round < firstRound) return undefined // it asked in this round: nothing would count
  const [{ seed, closesAt }, device, head] = await Promise.all([
    read(chain, 'hashrate', 'roundOf', [round]),
    read(chain, 'hashrate', 'deviceOf', [machineId]),
    readHead(chain),
  ])
  if (device.round === round || device.pendingRound === round) return undefined
  if (scorer.isBusy()) {
    const wasMeasured = device.mflops > 0n && device.round + 1 === round
    if (wasMeasured) await attempt(() => excuseMachine(chain, { machineId }))
    return undefined
  }
  const leftMs = (closesAt - Math.max(head.timestamp, Date.now() / 1000)) * 1000 * SHARE_OF_WINDOW
  if (seed === ZeroHash || leftMs < LEAST_MS) return undefined
  const milliseconds = Math.floor(Math.min(leftMs, scorer.measureMs))
  const task = { seed: machineSeed(seed, machineId), milliseconds }
  const measured = await measuring.measure(task).catch((err: unknown) => {
    logger.warn({ msg: 'measuring failed', round, err })
    return undefined
  })
  // An order came and ended it, or it failed: while the window lasts it is tried again.
  if (!measured || scorer.isBusy()) return undefined
  const networkMBPerSecond = await scorer.networkMBPerSecond()
  const report = { ...measured, networkMBPerSecond, evidenceUri: scorer.evidenceUri }
  // Refused where the round is over.
  if (!(await attempt(() => submitBenchmark(chain, { machineId, report })))) return undefined
  logger.info({ msg: 'benchmark submitted', round, products: measured.products })
  return { round, measured }
}
