import { type Logger, pino } from 'pino'
import type { Environment } from './config/environment.ts'
import { readConfig } from './config/readConfig.ts'
import { type Daemon, startDaemon } from './daemon.ts'
import type { Driver } from './drivers/driver.ts'
import { openDriver } from './drivers/openDriver.ts'
import type { Moment } from './engine/moment.ts'
import { createStats, type Stats } from './metrics/createStats.ts'
import { sentenceOf } from './sentenceOf.ts'

const EXIT_GRACE_MS = 5_000
const ERROR_LEVEL = 50
const MAX_MESSAGE_CHARS = 120

/**
 * Runs a daemon until a signal comes, or its parent goes: one JSON line on stdout once it is ready, the log
 * on stderr. Returns the exit code; 75 means that starting it again later may work.
 * @param options.wrapDriver puts something between the daemon and its driver
 */
export async function runDaemon(options: RunOptions): Promise<number> {
  const stats = createStats()
  const logger = pino(
    {
      name: 'trainyard',
      hooks: {
        logMethod(args, method, level) {
          if (level >= ERROR_LEVEL) stats.lastError = { message: messageOf(args[0]), atMs: Date.now() }
          method.apply(this, args)
        },
      },
    },
    pino.destination({ dest: 2, sync: true }),
  )
  const stopping = stopRequest(options.parentPipe)
  for (let isFirst = true; ; isFirst = false) {
    let daemon: Daemon
    try {
      daemon = await start(options, logger, stats)
    } catch (error) {
      const { message, suggestion, exitCode } = sentenceOf(error)
      logger.fatal({ msg: message, suggestion })
      if (process.stderr.isTTY) process.stderr.write(`${message} ${suggestion}\n`)
      return leave(exitCode)
    }
    const { url, machineId, machineIds } = daemon
    const machines = Object.fromEntries([...machineIds].map(([name, id]) => [name, String(id)]))
    const ready = JSON.stringify({ ready: true, url, machineId: String(machineId), machines })
    if (isFirst) process.stdout.write(`${ready}\n`)
    const changes = await Promise.race([stopping, daemon.outdated])
    if (!changes) return stop(daemon, options, logger)
    logger.warn({ msg: 'starting again to register the machine as it is now', changes })
    await daemon.stop()
  }
}

type RunOptions = {
  config: string
  /** Its TRAINYARD_ variables override the configuration. */
  env?: Environment
  parentPipe: boolean
  searchPath?: string
  wrapDriver?: (driver: Driver) => Driver
  atMoment?: (moment: Moment) => void
}

/** The fixed words of a log entry: what varies is in its other fields. */
function messageOf(entry: unknown): string {
  const isObject = typeof entry === 'object' && entry !== null && 'msg' in entry
  return String(isObject ? entry.msg : entry).slice(0, MAX_MESSAGE_CHARS)
}

async function start(options: RunOptions, logger: Logger, stats: Stats): Promise<Daemon> {
  const config = await readConfig(options.config, options.env)
  const { wrapDriver, searchPath } = options
  const { name, dataDir } = { name: config.driver, dataDir: config.dataDir }
  const driver = wrapDriver ? wrapDriver((await openDriver({ name, dataDir })).driver) : undefined
  return startDaemon(config, {
    logger,
    stats,
    ...(driver ? { driver } : {}),
    ...(options.atMoment ? { atMoment: options.atMoment } : {}),
    ...(searchPath === undefined ? {} : { searchPath }),
  })
}

async function stop(daemon: Daemon, { parentPipe }: RunOptions, logger: Logger): Promise<number> {
  logger.info({ msg: 'stopping' })
  leaveWithin(EXIT_GRACE_MS)
  await daemon.stop().catch((err) => logger.error({ msg: 'stopping failed', err }))
  // A daemon that somebody started as a part of something ends with all it started; a service's runs live on.
  if (parentPipe) {
    await daemon.stopRuns().catch((err) => logger.error({ msg: 'stopping runs failed', err }))
  }
  return leave(0)
}

/** Resolves at the first request to stop; a second one (Ctrl-C reaches parent and child) changes nothing. */
function stopRequest(parentPipe: boolean): Promise<undefined> {
  return new Promise((resolve) => {
    const request = () => resolve(undefined)
    process.on('SIGINT', request)
    process.on('SIGTERM', request)
    if (parentPipe) {
      process.stdin.on('end', request).on('close', request).on('error', request)
      process.stdin.resume()
    }
  })
}

/** A transaction that is still waited for must not keep the process: the next start reads what came of it. */
function leaveWithin(ms: number): void {
  setTimeout(() => process.exit(0), ms).unref()
}

function leave(exitCode: number): number {
  process.stdin.destroy()
  setTimeout(() => process.exit(exitCode), 1_000).unref()
  return exitCode
}
