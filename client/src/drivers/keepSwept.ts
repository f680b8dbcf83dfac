import type { Logger } from 'pino'
import type { Driver } from './driver.ts'

const EVERY_MS = 3_600_000
/** A run whose order is over is removed by that order's last effect; older ones were left by a crash. */
const MIN_AGE_MS = 3_600_000

/**
 * Sweeps once now and then every hour, until stopped. An order that isOver does not know counts as open in
 * the first sweep, when the chain may not have been read, and as none after that.
 * @param options.isOver undefined for an order that this daemon has never seen
 */
export function keepSwept(options: {
  driver: Pick<Driver, 'sweep'>
  isOver: (orderId: string) => boolean | undefined
  logger: Pick<Logger, 'info' | 'warn'>
}): { stop(): void } {
  const { driver, isOver, logger } = options
  const sweep = async (unknownIsOpen: boolean) => {
    try {
      const isOpen = (orderId: string) => !(isOver(orderId) ?? !unknownIsOpen)
      const removed = await driver.sweep(isOpen, MIN_AGE_MS)
      if (removed.length > 0) logger.info({ msg: 'removed runs of orders that are over', removed })
    } catch (err) {
      logger.warn({ msg: 'sweeping failed; the next try is in an hour', err })
    }
  }
  void sweep(true)
  const timer = setInterval(sweep, EVERY_MS, false)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
