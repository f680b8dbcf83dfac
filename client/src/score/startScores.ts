import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import type { DaemonContext, Machines } from '../engine/context.ts'
import type { BenchmarkBench } from './bench.ts'
import type { Scorer } from './scorer.ts'

const MAX_DATA_BYTES = 64 * 1024 * 1024
const DATA_TIMEOUT_MS = 60_000

/** The scores of a daemon's machines, and what auditors may read of their benchmarks. */
export type Scores = {
  evidence(machineId: string, round: number): Uint8Array | undefined
  stop(): Promise<void>
}

/** Keeps the scores of all machines whose configuration says so. Without any, none of this code is loaded. */
export async function startScores(
  machines: Machines,
  endpoint: string,
  isBusy: (machineId: bigint) => boolean,
): Promise<Scores> {
  const wanted = machines.filter(({ config }) => config.score === 'on')
  if (wanted.length === 0) return { evidence: () => undefined, stop: async () => undefined }
  const { createBench } = await import('./bench.ts')
  const { keepScore } = await import('./keepScore.ts')
  const kept = new Map(
    wanted.map((daemon) => [
      String(daemon.machineId),
      keepScore(scorerOf(daemon, endpoint, isBusy, createBench())),
    ]),
  )
  return {
    evidence: (machineId, round) => kept.get(machineId)?.evidence(round),
    stop: async () => void (await Promise.all([...kept.values()].map((one) => one.stop()))),
  }
}

function scorerOf(
  daemon: DaemonContext,
  endpoint: string,
  isBusy: (machineId: bigint) => boolean,
  bench: BenchmarkBench,
): Scorer {
  const { chain, machineId, signer, logger, journal, config } = daemon
  const settled = () =>
    journal
      .loadOrders()
      .filter(({ state }) => state.phase === 'settled')
      .map(({ state }) => BigInt(state.orderId))
  return {
    ...{ chain, machineId, signer, logger, journal },
    evidenceUri: `${endpoint}/benchmarks/${machineId}`,
    settledOrders: settled,
    isBusy: () => isBusy(machineId),
    fetchData: (cid: string) =>
      fetchContent({ cid, gateway: config.store, maxBytes: MAX_DATA_BYTES, timeoutMs: DATA_TIMEOUT_MS }),
    bench,
    measureMs: Number.MAX_SAFE_INTEGER,
  }
}
