import type { Logger } from 'pino'
import type { MachineConfig } from '../../config/machinesOf.ts'
import type { Journal } from '../../journal/openJournal.ts'
import { type PriceQuestion, runPriceScript } from './runPriceScript.ts'
import { scheduledPrice } from './scheduledPrice.ts'

const lastGood = (name: string) => `price:lastGood${name && `:${name}`}`

/** Says what an hour costs now, in wei. Never throws: a script that fails leaves the last good price. */
export type Pricer = (args: { nowMs: number; machineId: bigint; busy: boolean }) => Promise<bigint>

/** A price from the script if there is one, else by the schedule where it says something, else the fixed one. */
export function createPricer(args: {
  config: Pick<
    MachineConfig,
    'name' | 'pricePerHourWei' | 'priceSchedule' | 'priceTimeZone' | 'priceScript' | 'hardwareClass'
  >
  journal: Pick<Journal, 'fact' | 'saveFact'>
  searchPath: string
  logger: Pick<Logger, 'info' | 'warn'>
}): Pricer {
  const { config, journal, searchPath, logger } = args
  const { priceScript: script, pricePerHourWei, hardwareClass } = config
  let askAtMs = 0
  let failures = 0
  return async ({ nowMs, machineId, busy }) => {
    if (!script) return scheduledPrice(config.priceSchedule, config.priceTimeZone, nowMs) ?? pricePerHourWei
    const stored = journal.fact<string>(lastGood(config.name))
    const former = stored === undefined ? pricePerHourWei : BigInt(stored)
    if (nowMs < askAtMs) return former
    askAtMs = nowMs + script.everySeconds * 1000
    const question: PriceQuestion = {
      version: 1,
      unixSeconds: Math.floor(nowMs / 1000),
      machineId: String(machineId),
      hardwareClass,
      busy,
      formerPricePerHourWei: String(former),
      configuredPricePerHourWei: String(pricePerHourWei),
    }
    try {
      const price = await runPriceScript(script, question, searchPath)
      if (failures > 0) logger.info({ msg: 'the price script answers again' })
      failures = 0
      journal.saveFact(lastGood(config.name), String(price))
      return price
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (failures++ === 0) logger.warn({ msg: 'the last good price stays', reason, price: String(former) })
      return former
    }
  }
}
