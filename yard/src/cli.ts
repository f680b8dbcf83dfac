// `npm start`: the whole market on this machine, with one sample order. See README.md.
import { parseArgs } from 'node:util'
import { cheatNames } from './cheats/cheats.ts'
import { beaconNames } from './devnet/openChain.ts'
import { YardError } from './errors.ts'
import { yardPaths } from './paths.ts'
import { checkDisk } from './probe/checkDisk.ts'
import { chooseDriver } from './probe/chooseDriver.ts'
import { createPhases } from './report/phases.ts'
import { createSay } from './report/say.ts'
import { summary } from './report/summary.ts'
import { tellScore } from './report/tellScore.ts'
import { runSample } from './runSample.ts'
import { openSample, sampleNames } from './sample/openSample.ts'
import { startYard } from './startYard.ts'

const DEFAULT_PORT = 4270
const CHEAT_CAUGHT = 3

const usage = `usage: npm start -- [options]
  --once            stop when the sample order has settled (exit 0; 3 if a cheat was caught)
  --json            with --once: one JSON object on stdout (npm start -s -- --once --json)
  --driver NAME     docker or process; default: docker when an engine answers
  --job NAME        the sample to order: ${sampleNames.join(', ')}; default digits. chargpt needs Docker
  --cheat NAME      let the seller cheat: ${cheatNames.join(', ')}
  --beacon NAME     what seeds and draws on a new chain: block (its hashes, the default) or drand (one on this machine)
  --fresh           begin on a new chain
  --port N          the market's port, 0 for any free one; default ${DEFAULT_PORT}
  --home DIR        keep everything there instead of in .trainyard`

function parse() {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        driver: { type: 'string' },
        job: { type: 'string', default: 'digits' },
        cheat: { type: 'string' },
        beacon: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        port: { type: 'string', default: String(DEFAULT_PORT) },
        home: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new YardError(`${(error as Error).message}\n${usage}`)
  }
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined || known.includes(value as T)) return value as T | undefined
  throw new YardError(`--${name} ${value} is unknown; there are: ${known.join(', ')}.`)
}

async function main(): Promise<number> {
  const args = parse()
  if (args.help) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const port = Number(args.port)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new YardError('--port takes a number from 0 to 65535.')
  const cheat = oneOf('cheat', args.cheat, cheatNames)
  const name = oneOf('job', args.job, sampleNames) ?? 'digits'
  const wanted = oneOf('driver', args.driver, ['docker', 'process'] as const)
  const beacon = oneOf('beacon', args.beacon, beaconNames)
  const now = () => performance.now()
  const say = createSay(process.stderr, now)
  const phases = createPhases(now)
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort())

  const paths = yardPaths(args.home)
  checkDisk(paths.home)
  if (name === 'chargpt') refuseForImage(wanted, cheat)
  const driver = await chooseDriver(wanted, say)
  const sample = await openSample(name, paths, say)
  // Auditors of whole numbers are canonical: the other sample's yard has none. A cheat, or one order, needs no score.
  const isScored = !args.once && !cheat && sample.hardwareClass === 'canonical'
  const score = isScored ? ('on' as const) : ('off' as const)
  const options = { port, fresh: args.fresh, driver, cheat, sample, score, beacon }
  const yard = await startYard(paths, options, say, phases)
  try {
    say.line(`market      ${yard.market.url}`)
    const ended = Promise.race([yard.broken, aborted(abort.signal)])
    const run = await Promise.race([runSample(yard, paths, options, say, phases, abort.signal), ended])
    if (!run) return 130
    for (const line of summary(run.result, run.windows)) say.line(line)
    if (args.json) process.stdout.write(`${JSON.stringify(run.result)}\n`)
    if (!args.once) {
      say.line(`\nThe market stays open at ${yard.market.url}. Ctrl-C ends it.`)
      if (isScored && run.result.order.status === 'Completed') {
        say.line('Its machine is measured now: in about a minute it has a score.')
        const about = { orderId: BigInt(run.result.order.id), market: yard.market.url }
        void tellScore(yard.contexts.buyer, about, say, abort.signal).catch(() => undefined)
      }
      await ended
      return 0
    }
    return exitCode(run.result)
  } finally {
    await yard.stop()
  }
}

/** What no job in an image can have. */
function refuseForImage(driver: string | undefined, cheat: string | undefined): void {
  if (driver === 'process') {
    throw new YardError('The job chargpt runs in a container: it cannot be had with --driver process.')
  }
  if (cheat) throw new YardError('There is no cheat for the job chargpt. Leave out --job, or --cheat.')
}

/** 0: settled and paid; 3: fraud was proved; 1: anything else. */
function exitCode({ order, verdict }: Awaited<ReturnType<typeof runSample>>['result']): number {
  if (order.status === 'Completed') return verdict === 'valid' ? 0 : 1
  return order.closeReason === 'FRAUD_PROVED' ? CHEAT_CAUGHT : 1
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

try {
  process.exitCode = await main()
} catch (error) {
  const known = error instanceof YardError
  process.stderr.write(`${known ? error.message : `The yard failed: ${(error as Error).stack}`}\n`)
  process.exitCode = known ? error.exitCode : 1
}
// A stray timer or socket must not keep the command from ending.
process.exit()
