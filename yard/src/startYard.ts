import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { type ChainContext, connect } from '@trainyard/contracts/context.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readOrderCount } from '@trainyard/contracts/readOrderCount.ts'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import { withRounds } from '@trainyard/verifier/beacon/withRounds.ts'
import { parseEther } from 'ethers'
import { devnetAccounts, type Role, roles } from './devnet/accounts.ts'
import { fund } from './devnet/fund.ts'
import { type BeaconName, type OpenChain, openChain, whileBlocksCome } from './devnet/openChain.ts'
import { startTicker } from './devnet/startTicker.ts'
import { YardError } from './errors.ts'
import type { YardPaths } from './paths.ts'
import { freePort } from './processes/freePort.ts'
import { takeLock } from './processes/takeLock.ts'
import { type Parts, writeProcesses } from './processes/writeProcesses.ts'
import type { createPhases } from './report/phases.ts'
import type { Say } from './report/say.ts'
import type { Sample } from './sample/openSample.ts'
import { type AuditLine, startAuditor } from './services/startAuditor.ts'
import { startMarket } from './services/startMarket.ts'
import { startSeller } from './services/startSeller.ts'

const TOKENS_WEI = parseEther('1000')
const OPEN_ORDERS_LOOKED_AT = 8n

export type YardOptions = {
  port: number
  fresh: boolean
  driver: 'docker' | 'process'
  cheat: string | undefined
  sample: Sample
  /** Whether the seller's machine keeps a score: measured when its order is over. */
  score: 'on' | 'off'
  /** what draws on a new chain; undefined: as it was, or block hashes */
  beacon: BeaconName | undefined
}

export type Yard = {
  chain: OpenChain
  contexts: Record<Role, ChainContext>
  market: { url: string }
  seller: { url: string }
  audits: AuditLine[]
  /** rejects when a part of the yard is gone for good */
  broken: Promise<never>
  stop: () => Promise<void>
}

type Stop = () => Promise<void> | void

/**
 * Starts chain, market server, auditors and seller, in this order, and stops them in the reverse one.
 * @throws YardError; whatever had started is stopped then
 */
export async function startYard(
  paths: YardPaths,
  options: YardOptions,
  say: Say,
  phases: ReturnType<typeof createPhases>,
): Promise<Yard> {
  const stops: Stop[] = []
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= stopAll(stops)
    return stopping
  }
  try {
    const lock = takeLock(paths.lock)
    stops.push(() => lock.release())
    return { ...(await bringUp(paths, options, say, phases, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function stopAll(stops: Stop[]): Promise<void> {
  for (const stop of stops.reverse()) await stop()
}

async function bringUp(
  paths: YardPaths,
  options: YardOptions,
  say: Say,
  phases: ReturnType<typeof createPhases>,
  stops: Stop[],
): Promise<Omit<Yard, 'stop'>> {
  const port = await freePort(options.port)
  if (options.fresh) forget(paths)
  // The pages are built while the chain starts; a failure is reported when they are needed.
  const web = buildWeb()
  web.catch(() => {})
  const chain = await openChain(paths, options.beacon)
  stops.push(chain.stop)
  const accounts = await devnetAccounts(paths.keys)
  const contexts = await whileBlocksCome(chain.provider, () => openContexts(chain, accounts))
  say.line(
    `chain       ${chain.isNew ? 'new, contracts deployed' : 'kept from the last start'} (${chain.rpcUrl})`,
  )
  if (chain.deployment.drandRelays) say.line(`drand       a local one, ${chain.deployment.drandRelays[0]}`)
  phases.end('chain')

  const { promise: broken, reject: onDead } = Promise.withResolvers<never>()
  broken.catch(() => {})
  void chain.exited.then(() =>
    onDead(new YardError('The local chain ended. Its last words are in logs/anvil.log.')),
  )
  const parts: Parts = { chain }
  const record = () => writeProcesses(join(paths.home, 'processes.json'), parts)
  const onEvent = (text: string) => {
    say.line(text)
    record()
  }
  const service = { rpcUrl: chain.rpcUrl, onDead, onEvent }
  const started = <T extends { pid: () => number; stop: Stop }>(name: string, part: T): T => {
    parts[name] = part
    stops.push(part.stop)
    record()
    return part
  }
  const market = started('market', await startMarket(service, paths, port, await web))
  const audits: AuditLine[] = []
  const { driver, cheat, sample, score } = options
  const facts = { store: market.url, driver, cheat, sample }
  // Both audit, each its share of what is drawn.
  const onAudit = (line: AuditLine) => void audits.push(line)
  const startAs = async (name: 'auditor' | 'juror') => {
    started(name, await startAuditor(service, paths, { ...facts, name, keys: accounts[name], onAudit }))
  }
  const [seller] = await Promise.all([
    startSeller(service, paths, { ...facts, score, keys: accounts.seller }).then((part) =>
      started('seller', part),
    ),
    ...namesOf(sample).map(startAs),
  ])
  const ticker = startTicker(
    () => chain.provider.send('evm_mine', []),
    async () => (await hasOpenOrder(contexts.buyer)) || isMeasuring(contexts.buyer),
  )
  stops.push(ticker.stop)
  phases.end('services')
  return { chain, contexts, market, seller: { url: String(seller.ready.url) }, audits, broken }
}

/** Replays in images take a core for long: such a sample has one auditor, and nobody who could judge a challenge. */
function namesOf({ replayer }: Sample): ('auditor' | 'juror')[] {
  return replayer ? ['auditor'] : ['auditor', 'juror']
}

/** Forgets the former market. Bundles are the buyer's: they are put aside, since a new chain counts its orders from 1. */
function forget(paths: YardPaths): void {
  const { chainState, keys, market, seller, torchSeller, auditor, juror, logs, bundles } = paths
  for (const part of [join(chainState, '..'), keys, market, seller, torchSeller, auditor, juror, logs]) {
    rmSync(part, { recursive: true, force: true })
  }
  if (existsSync(bundles)) renameSync(bundles, `${bundles}-${Date.now()}`)
}

async function openContexts(
  chain: OpenChain,
  accounts: Awaited<ReturnType<typeof devnetAccounts>>,
): Promise<Record<Role, ChainContext>> {
  const entries: [Role, ChainContext][] = []
  for (const role of roles) {
    const { keystore, passwordFile } = accounts[role]
    const signer = await readKeystore({ file: keystore, passwordFile })
    await fund(chain.faucet, chain.deployment, await signer.getAddress(), TOKENS_WEI)
    const context = await connect({ rpcUrl: chain.rpcUrl, deployment: chain.deployment, signer })
    entries.push([role, withRounds(context)])
  }
  return Object.fromEntries(entries) as Record<Role, ChainContext>
}

/** Whether machines are measured, or auditors look at what they did: a round's seed and its samples need blocks, too. */
async function isMeasuring(context: ChainContext): Promise<boolean> {
  const round = await read(context, 'hashrate', 'currentRound', [])
  const { openedAt, closesAt } = await read(context, 'hashrate', 'roundOf', [round])
  const auditedAt = Number(closesAt) + 2 * Number(closesAt - openedAt)
  return round > 0 && Date.now() / 1000 < auditedAt
}

/** Whether one of the newest orders still waits for something: only then, or while machines are measured, blocks must tick. */
async function hasOpenOrder(context: ChainContext): Promise<boolean> {
  const newest = await readOrderCount(context)
  for (let orderId = newest; orderId > 0n && orderId > newest - OPEN_ORDERS_LOOKED_AT; orderId -= 1n) {
    if ((await readOrder(context, orderId)).settledAt === 0) return true
  }
  return false
}
