import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { connect } from '@trainyard/contracts/context.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { withRounds } from '../beacon/withRounds.ts'
import { verifyBundle } from '../bundle/verify.ts'
import { writeBundle } from '../bundle/write.ts'
import { ArgumentInvalid } from '../errors.ts'
import type { Replayer } from '../image/runImage.ts'
import type { Pair } from '../referee/readPair.ts'
import type { Verdict } from '../verdict.ts'
import type { Trace } from './collectParts.ts'
import { OrderUndecided } from './errors.ts'
import { type FetchedOrder, fetchOrder } from './fetchOrder.ts'
import { resolveDeployment } from './resolveDeployment.ts'

/** Where checkpoints, losses and gradient norms came from: the seller, or this machine, which trained again. */
type TraceSource = 'seller' | 'recomputed'

/** What `order` found: the verdict on the work, and what the chain says became of the order. */
export type OrderVerdict = Verdict & {
  orderId: string
  status: string
  closeReason: string
  trace: TraceSource
  /** of a refereed order, its twin's number, and how far they agree; null: it has none */
  pair: (Omit<Pair, 'twin'> & { twin: string }) | null
}

export type OrderOptions = {
  rpc: string
  /** deployment file, or the Runtime's address */
  deployment: string
  store: string
  /** account whose grant opens a private order */
  account?: { file: string; passwordFile: string } | undefined
  /** keeps the bundle in this new directory */
  out?: string | undefined
  replayer?: Replayer | undefined
  /** of drand, instead of those that the deployment names */
  relay?: readonly string[] | undefined
}

/**
 * Verifies a settled order from its number: collects its bundle, replays all of it and compares it with the chain.
 * Throws what fetchOrder and resolveDeployment throw, KeystoreError, and ArgumentInvalid if `out` is in use.
 */
export async function verifyOrder(orderId: bigint, options: OrderOptions): Promise<OrderVerdict> {
  const { rpc, account, out } = options
  if (out !== undefined && (await readdir(out).catch((): string[] => [])).length > 0)
    throw new ArgumentInvalid(`The folder ${out} is not empty`)
  const deployment = await resolveDeployment(rpc, options.deployment)
  const signer = account && (await readKeystore(account))
  const context = await connect({ rpcUrl: rpc, deployment, ...(signer ? { signer } : {}) })
  const temporary = await mkdtemp(join(tmpdir(), 'trainyard-order-'))
  try {
    const fetched = await fetchOrder(withRounds(context, options.relay), orderId, options.store)
    return await decide(fetched, out ?? join(temporary, 'bundle'), options)
  } finally {
    context.runner.provider?.destroy()
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * What a seller serves today, or no longer serves, must not make an order invalid whose committed work is right: where
 * this machine can train, it is asked after the seller was.
 */
async function decide(fetched: FetchedOrder, dir: string, options: OrderOptions): Promise<OrderVerdict> {
  const { served, recompute } = fetched
  let trace: Trace
  try {
    trace = await served()
  } catch (error) {
    if (!(error instanceof OrderUndecided) || !recompute) throw error
    return verdictOf(fetched, recompute(), 'recomputed', dir, options)
  }
  const verdict = await verdictOf(fetched, trace, 'seller', dir, options)
  if (verdict.verdict !== 'invalid' || !recompute) return verdict
  await rm(dir, { recursive: true, force: true })
  return verdictOf(fetched, recompute(), 'recomputed', dir, options)
}

async function verdictOf(
  { named, pair }: FetchedOrder,
  traced: Trace,
  trace: TraceSource,
  dir: string,
  { rpc, replayer }: OrderOptions,
): Promise<OrderVerdict> {
  writeBundle(dir, { ...named, ...traced })
  const { orderId, status, closeReason } = named.order
  const verdict = await verifyBundle(dir, { rpc, replayer })
  const reason = closeReasonName(closeReason) ?? `${closeReason}`
  const beside = pair && { ...pair, twin: `${pair.twin}` }
  return { orderId, status, closeReason: reason, trace, pair: beside, ...verdict }
}
