import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import envPaths from 'env-paths'
import type { ChainOptions } from './cli/buyerContext.ts'
import type { InitAnswers } from './cli/initCommand.ts'
import type { OrderOptions } from './cli/orderCommand.ts'
import { createSay, type Say } from './cli/say.ts'
import { ClientError } from './errors.ts'
import { sentenceOf } from './sentenceOf.ts'

const MAX_MACHINES = 500
const DEFAULT_URL = 'http://127.0.0.1:8585'
/** What `npm start` serves on this machine. */
const DEVNET = {
  rpc: 'http://127.0.0.1:8545',
  deployment: join('.trainyard', 'chain', 'deployment.json'),
  store: 'http://127.0.0.1:4270',
}

const program = new Command('trainyard')
  .description(
    'Sell or buy training that is proved before it is paid. Exit codes: 0 done, 1 failed, 75 try again.',
  )
  .exitOverride()
const say = (options: { json?: true }): Say => createSay(options.json ?? false, (line) => console.log(line))

program
  .command('init')
  .description("seller: write this machine's configuration and a new account")
  .option('--yes', 'ask nothing, take the options')
  .option('--dir <dir>', 'where to write', envPaths('trainyard', { suffix: '' }).config)
  .option('--rpc <url>', 'JSON-RPC address', DEVNET.rpc)
  .option('--deployment <file>', 'deployment of the contracts', DEVNET.deployment)
  .option('--store <url>', 'store for job, data and results', DEVNET.store)
  .option('--listen <host:port>', 'where buyers reach this machine', '127.0.0.1:8585')
  .option('--driver <name>', 'docker or process', 'docker')
  .option('--price <wei>', 'price per hour', '1000000000000000000')
  .option('--max-seconds <seconds>', 'longest order', wholeNumber, 86_400)
  .option('--bond <wei>', 'bond to put up', '100000000000000000000')
  .option('--json', 'print JSON')
  .action(async (options: InitOptions) => {
    const { dir, rpc, deployment, store, listen, maxSeconds, price, bond, driver } = options
    const chosen: InitAnswers = {
      dir,
      rpc,
      deployment,
      store,
      listen,
      maxSeconds,
      driver,
      ...weiOf(price, bond),
    }
    const { askSeller } = await import('./cli/askSeller.ts')
    const { initSeller } = await import('./cli/initCommand.ts')
    const written = await initSeller(options.yes ? chosen : await askSeller(chosen))
    say(options).answer(
      written,
      `Wrote ${written.config}. Send tokens for the bond, and coin for gas, to ${written.account}.`,
    )
  })

program
  .command('start')
  .description('seller: run the daemon')
  .option(
    '--config <file>',
    'configuration',
    join(envPaths('trainyard', { suffix: '' }).config, 'config.toml'),
  )
  .option('--parent-pipe', 'end when stdin closes')
  .option('--json', 'for symmetry: the ready line is JSON always')
  .action(async (options: { config: string; parentPipe?: true }) => {
    // Loading leaves a heap of hundreds of megabytes behind unless it is told to stay small before.
    setFlagsFromString('--optimize-for-size')
    setFlagsFromString('--semi-space-growth-factor=1')
    const { runDaemon } = await import('./runDaemon.ts')
    const searchPath = process.env.PATH
    process.exitCode = await runDaemon({
      config: options.config,
      parentPipe: options.parentPipe ?? false,
      ...(searchPath === undefined ? {} : { searchPath }),
    })
  })

program
  .command('status')
  .description("seller: a running daemon's machine and orders")
  .option('--url <url>', 'where it listens', DEFAULT_URL)
  .option('--json', 'print JSON')
  .action(async (options: { url: string; json?: true }) => {
    const { readStatus } = await import('./cli/readStatus.ts')
    const { tellOrder } = await import('./cli/tellOrder.ts')
    const status = await readStatus(options.url.replace(/\/+$/, ''))
    const { machineId, seller, orders } = status
    const lines = [`Machine ${machineId} of ${seller}.`, ...orders.map((order) => `  ${tellOrder(order)}`)]
    say(options).answer(status, lines.join('\n'))
  })

buyerCommand('machines', 'machines with an open offer, cheapest first').action(async (options: Chain) => {
  const { listMachines } = await import('./buyer/listMachines.ts')
  const { amountsIn } = await import('./cli/amountsIn.ts')
  const [machines, amount] = await withChain(options, (context) =>
    Promise.all([listMachines(context, MAX_MACHINES), amountsIn(context)]),
  )
  const lines = machines.map(
    ({ machineId, offerId, status, pricePerHourWei, maxSeconds, endpoint }) =>
      `machine ${machineId}, offer ${offerId}: ${status}, ${amount(BigInt(pricePerHourWei))} an hour, at most ${maxSeconds} s, ${endpoint}`,
  )
  say(options).answer(machines, lines.length === 0 ? 'No machine is offered.' : lines.join('\n'))
})

buyerCommand('order', 'order a job')
  .requiredOption('--job <file>', 'job (JSON)')
  .requiredOption('--data <file...>', "the job's data files")
  .option('--store <url>', 'store for job and data', DEVNET.store)
  .option('--offer <id>', 'offer; else the cheapest free one')
  .option('--max-seconds <seconds>', 'longest paid time', wholeNumber, 3600)
  .option('--step-micros <micros>', 'agreed time of a step', wholeNumber, 5000)
  .action(async (options: Chain & OrderOptions) => {
    requireAccount(options)
    const { orderCommand } = await import('./cli/orderCommand.ts')
    await withChain(options, (context) => orderCommand(context, options, say(options)))
  })

buyerCommand('watch', 'follow an order until it is settled')
  .argument('<order>', 'number of the order', orderNumber)
  .action(async (orderId: bigint, options: Chain) => {
    const stop = new AbortController()
    process.once('SIGINT', () => stop.abort())
    const { tellEvent } = await import('./cli/tellEvent.ts')
    const { watchOrder } = await import('./buyer/watchOrder.ts')
    const { amountsIn } = await import('./cli/amountsIn.ts')
    await withChain(options, async (context) => {
      const onEvent = tellEvent(say(options), await amountsIn(context))
      const { status } = await watchOrder({ context, orderId, onEvent, signal: stop.signal })
      if (status !== 'Completed') process.exitCode = 1
    })
  })

buyerCommand('fetch', "collect an order's bundle and verify it by replaying it")
  .argument('<order>', 'number of the order', orderNumber)
  .option('--store <url>', 'store that has job, data and result', DEVNET.store)
  .requiredOption('--out <dir>', 'new directory for the bundle')
  .action(async (orderId: bigint, options: Chain & { store: string; out: string }) => {
    const { store, out, rpc } = options
    const { fetchBundle } = await import('./buyer/fetchBundle.ts')
    const found = await withChain(options, (context) => fetchBundle({ context, orderId, store, out, rpc }))
    const failed = found.checks.filter(({ status }) => status !== 'pass')
    const details = failed.map(({ id, status, detail }) => `\n  ${id}: ${status}. ${detail}`).join('')
    const accuracy = found.accuracy === null ? '' : `, accuracy ${found.accuracy}`
    say(options).answer(found, `The bundle in ${out} is ${found.verdict}${accuracy}.${details}`)
    if (found.verdict !== 'valid') process.exitCode = 1
  })

type InitOptions = InitAnswers & { yes?: true; json?: true; price: string; bond: string }
type Chain = ChainOptions & { json?: true }

function buyerCommand(name: string, description: string): Command {
  return program
    .command(name)
    .description(`buyer: ${description}`)
    .option('--rpc <url>', 'JSON-RPC address', DEVNET.rpc)
    .option('--deployment <file>', 'deployment of the contracts', DEVNET.deployment)
    .option('--keystore <file>', 'encrypted account')
    .option('--password-file <file>', 'its password')
    .option('--json', 'print JSON')
}

/** Each command loads only what it needs: a daemon no buyer's code, `--help` nothing at all. */
async function withChain<T>(options: ChainOptions, work: (context: ChainContext) => Promise<T>): Promise<T> {
  const buyer = await import('./cli/buyerContext.ts')
  return buyer.withChain(options, work)
}

function weiOf(price: string, bond: string) {
  return { pricePerHourWei: price, bondWei: bond }
}

function requireAccount({ keystore, passwordFile }: ChainOptions): void {
  if (keystore !== undefined && passwordFile !== undefined) return
  throw new ClientError('An order needs an account.', 'Give --keystore and --password-file.')
}

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('must be a whole number')
  return Number(text)
}

function orderNumber(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError('must be the number of an order')
  return BigInt(text)
}

function report(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 1
    return
  }
  const { exitCode, ...failure } = sentenceOf(error)
  if (process.argv.includes('--json')) console.log(JSON.stringify(failure))
  console.error(`${failure.message} ${failure.suggestion}`)
  process.exitCode = exitCode
}

try {
  await program.parseAsync()
} catch (error) {
  report(error)
}
