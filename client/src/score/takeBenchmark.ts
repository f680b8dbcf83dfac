import { cpus } from 'node:os'
import { excuseMachine } from '@trainyard/contracts/excuseMachine.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { requestBenchmark } from '@trainyard/contracts/requestBenchmark.ts'
import { submitBenchmark } from '@trainyard/contracts/submitBenchmark.ts'
import { machineSeed } from '@trainyard/verifier/benchmark/samplesOf.ts'
import { matricesIn } from '@trainyard/verifier/benchmark/workload.ts'
import { ZeroHash } from 'ethers'
import { attempt } from './attempt.ts'
import type { Scorer } from './scorer.ts'

const SIZE = 256
const MEMORY_MIB = 64
/** Of what is left of the round when it begins: the rest is for the transaction. */
const SHARE_OF_WINDOW = 0.6
const LEAST_MS = 1_000

/**
 * Asks for benchmarks once, and takes part in the round that is open: multiplies until the window is nearly over, then
 * submits. Returns the round that was submitted.
 */
export async function takeBenchmark(scorer: Scorer): Promise<number | undefined> {
  const { chain, machineId, bench, evidenceUri, logger } = scorer
  if (!(await read(chain, 'hashrate', 'isRequested', [machineId]))) {
    await requestBenchmark(chain, { machineId })
    logger.info({ msg: 'asked for benchmarks', machineId: String(machineId) })
    return undefined
  }
  const round = await read(chain, 'hashrate', 'currentRound', [])
  const [{ seed, closesAt }, device, head] = await Promise.all([
    read(chain, 'hashrate', 'roundOf', [round]),
    read(chain, 'hashrate', 'deviceOf', [machineId]),
    readHead(chain),
  ])
  const leftMs = (closesAt - Math.max(head.timestamp, Date.now() / 1000)) * 1000 * SHARE_OF_WINDOW
  const isDone = device.round === round || device.pendingRound === round
  if (isDone) return undefined
  if (scorer.isBusy()) {
    const wasMeasured = device.mflops > 0n && device.round + 1 === round
    if (wasMeasured) await attempt(() => excuseMachine(chain, { machineId }))
    return undefined
  }
  if (seed === ZeroHash || leftMs < LEAST_MS) return undefined
  const workload = { size: SIZE, matrices: matricesIn(MEMORY_MIB, SIZE), seed: machineSeed(seed, machineId) }
  const answer = await bench.ask({
    kind: 'benchmark',
    workload,
    milliseconds: Math.min(leftMs, scorer.measureMs),
  })
  if (!('root' in answer))
    throw new Error(`Measuring failed: ${'error' in answer ? answer.error : 'no root'}.`)
  // An order came and ended it early: a part would count as a slow machine.
  if (scorer.isBusy()) return undefined
  const report = reportOf(answer, evidenceUri)
  // Refused where the round is over, or was open when the machine asked.
  if (!(await attempt(() => submitBenchmark(chain, { machineId, report })))) return undefined
  logger.info({ msg: 'benchmark submitted', round, products: answer.iterations })
  return round
}

function reportOf({ iterations, root }: { iterations: number; root: string }, evidenceUri: string) {
  return {
    size: SIZE,
    fp32Iterations: iterations,
    // No GPU was measured: there is no path for one yet.
    ...{ tf32Iterations: 0, bf16Iterations: 0, fp16Iterations: 0 },
    root,
    memoryMiB: MEMORY_MIB,
    ...{ memoryMBPerSecond: 0, diskMBPerSecond: 0, networkMBPerSecond: 0 },
    clockMHz: cpus()[0]?.speed ?? 0,
    driver: `node ${process.versions.node}`,
    evidenceUri,
  }
}
