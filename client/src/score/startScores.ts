import { join } from 'node:path'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import type { DaemonContext, Machines } from '../engine/context.ts'
import { runPrefix } from '../engine/orderPaths.ts'
import { keptEvidence } from './keptEvidence.ts'
import type { MeasuringPlace } from './measuring.ts'
import { networkSpeed } from './networkSpeed.ts'
import type { Scorer } from './scorer.ts'

const MAX_DATA_BYTES = 64 * 1024 * 1024
const DATA_TIMEOUT_MS = 60_000
const REST_MS = 20_000

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
  const { createMeasuring } = await import('./measuring.ts')
  const { keepScore } = await import('./keepScore.ts')
  const kept = new Map(
    wanted.map((daemon) => {
      const tools = { bench: createBench(), measuring: createMeasuring(placeOf(daemon)) }
      return [String(daemon.machineId), keepScore(scorerOf(daemon, endpoint, isBusy, tools))]
    }),
  )
  return {
    evidence: (machineId, round) => kept.get(machineId)?.evidence(round),
    stop: async () => void (await Promise.all([...kept.values()].map((one) => one.stop()))),
  }
}

function placeOf({ chain, machineId, driver, limits, config, gpus }: DaemonContext): MeasuringPlace {
  const { market, chainId } = chain.deployment
  const prefix = runPrefix({ market, machineId, chainId }, 'benchmark')
  const dir = join(config.dataDir, 'benchmarks', String(machineId))
  return { driver, limits, prefix, dir, image: config.benchmarkImage, gpus }
}

function scorerOf(
  daemon: DaemonContext,
  endpoint: string,
  isBusy: (machineId: bigint) => boolean,
  tools: Pick<Scorer, 'bench' | 'measuring'>,
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
    publish: (cid, bytes) =>
      putBlocks(config.store, [{ cid, bytes }]).catch((err) =>
        logger.info({ msg: 'the store took no drill result', cid, err }),
      ),
    ...tools,
    networkMBPerSecond: networkSpeed(config.store),
    kept: keptEvidence(join(config.dataDir, 'benchmarks', `${machineId}-evidence`)),
    measureMs: Number.MAX_SAFE_INTEGER,
    restMs: REST_MS,
  }
}
