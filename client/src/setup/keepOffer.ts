import { setTimeout as delay } from 'node:timers/promises'
import { nameOf } from '../config/machinesOf.ts'
import type { DaemonContext } from '../engine/context.ts'
import { partOf } from '../facts/partOf.ts'
import { readMachineFacts } from '../facts/readMachineFacts.ts'
import { isDraining } from './draining.ts'
import { ensureOffer, type OfferTerms } from './ensureOffer.ts'
import { findChanges, type MachineChanges } from './findChanges.ts'
import type { Pricer } from './price/createPricer.ts'
import { sendHeartbeat } from './sendHeartbeat.ts'

const TICK_MS = 3_000
const RETRY_MS = 30_000
/** How often the chain is asked whether the offer still is as it should be, and the machine is measured. */
const OFFER_CHECK_MS = 10 * 60_000
const MEASURE_MS = 60 * 60_000
const MEASURE_IN_DOUBT_MS = 60_000

type Args = {
  daemon: DaemonContext
  pricer: Pricer
  searchPath: string
  /** How the machine differs from its registration already. */
  found: MachineChanges
  /** Whether an order is open, on any machine of the daemon or on this one. */
  isBusy: (machineId?: bigint) => boolean
  /** Called once, when no order is open on any machine and the registration is not true any more. */
  onOutdated: (changes: string[]) => void
}

/** What a machine is to be sold at now; nothing while it drains, or is not what is registered. */
export async function wantedOffer(
  args: Pick<Args, 'daemon' | 'pricer' | 'found'> & { busy: boolean },
): Promise<OfferTerms | undefined> {
  const { daemon, pricer, found, busy } = args
  const { config, machineId } = daemon
  if (found.doubt !== undefined || found.changes.length > 0) return undefined
  if (await isDraining(config)) return undefined
  if (needsGpus(daemon) && daemon.driver.gpuRefusal !== undefined) return undefined
  const pricePerHourWei = await pricer({ nowMs: Date.now(), machineId, busy })
  return { pricePerHourWei, maxSeconds: config.maxSeconds }
}

/** Canonical jobs, the only ones of that class, take no GPU. */
export function needsGpus({ gpus, config }: DaemonContext): boolean {
  return gpus.length > 0 && config.hardwareClass !== 'canonical'
}

/**
 * Keeps the offer as price, draining and hardware ask for while the daemon runs, and sends heartbeats. What
 * fails is logged once and tried again.
 */
export function keepOffer(args: Args): { stop(): Promise<void> } {
  const stop = new AbortController()
  const { signal } = stop
  const keeper = createKeeper(args)
  const running = (async () => {
    let failures = 0
    while (!signal.aborted) {
      await delay(failures > 0 ? RETRY_MS : TICK_MS, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      try {
        await keeper()
        failures = 0
      } catch (err) {
        if (failures++ === 0)
          args.daemon.logger.warn({
            msg: 'keeping the offer failed; trying again',
            ...nameOf(args.daemon.config),
            err,
          })
      }
    }
  })()
  return {
    async stop() {
      stop.abort()
      await running
    },
  }
}

function createKeeper(args: Args): () => Promise<void> {
  const { daemon, isBusy, onOutdated } = args
  const { chain, machineId, config, journal, logger } = daemon
  let found = args.found
  let applied = ''
  let checkAtMs = 0
  let heartbeatAtMs = 0
  let measureAtMs = Date.now() + (found.doubt === undefined ? MEASURE_MS : MEASURE_IN_DOUBT_MS)
  let isOutdated = false

  const measure = async (nowMs: number) => {
    const { dataDir } = config
    const reading = partOf(await readMachineFacts({ dataDir, searchPath: args.searchPath }), config)
    const { store, hardwareClass } = config
    found = await findChanges({ chain, journal, store, hardwareClass, reading }, machineId)
    measureAtMs = nowMs + (found.doubt === undefined ? MEASURE_MS : MEASURE_IN_DOUBT_MS)
    if (found.doubt)
      logger.warn({
        msg: 'not offered while it is not clear what this machine is',
        ...nameOf(config),
        reason: found.doubt,
      })
  }
  return async () => {
    const nowMs = Date.now()
    if (nowMs >= heartbeatAtMs) {
      heartbeatAtMs = await sendHeartbeat(chain, machineId, config.heartbeatSeconds, nowMs)
    }
    if (nowMs >= measureAtMs) await measure(nowMs)
    if (found.changes.length > 0 && !isBusy() && !isOutdated) {
      isOutdated = true
      onOutdated(found.changes)
    }
    const terms = await wantedOffer({ ...args, found, busy: isBusy(machineId) })
    const wanted = terms ? `${terms.pricePerHourWei} ${terms.maxSeconds}` : 'nothing'
    if (wanted === applied && nowMs < checkAtMs) return
    const change = await ensureOffer(chain, machineId, terms)
    if (change !== 'none')
      logger.info({
        msg: `offer ${change}`,
        ...nameOf(config),
        price: terms && String(terms.pricePerHourWei),
      })
    applied = wanted
    checkAtMs = nowMs + OFFER_CHECK_MS
  }
}
