import type { ChainContext } from '@trainyard/contracts/context.ts'
import { placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { placeRefereed } from '@trainyard/contracts/placeRefereed.ts'
import { type Quote, quoteTogether } from '@trainyard/contracts/quote.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { addBytes, type Block } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { modeOf } from '@trainyard/verifier/modeOf.ts'
import { type AnyJob, inputsOf } from '@trainyard/verifier/rental.ts'
import { termsOfJob } from '@trainyard/verifier/termsOfJob.ts'
import { formatUnits } from 'ethers'
import { ClientError } from '../errors.ts'
import type { ProvedCheckpoint } from './fetchProvedCheckpoint.ts'
import { requireMode } from './requireMode.ts'
import { requireTaken } from './requireTaken.ts'

/**
 * Puts a job and its data into the store and orders it. Throws ClientError before anything is sent if the
 * data is not the job's, the machine says that it does not take such jobs, or the buyer's balance is too small (it says how much is missing).
 * A refereed job is ordered from two sellers: at their prices, each with its own audit fee.
 * @param secondOfferId of a refereed job
 * @param maxSeconds longest paid time
 * @param stepMicros agreed time of one step, microseconds
 * @param confirm asked with the price before anything is sent; throws to stop
 */
export async function placeJobOrder(args: {
  context: ChainContext
  store: string
  offerId: bigint
  secondOfferId?: bigint | undefined
  job: AnyJob
  /** By the names of inputsOf. */
  data: Readonly<Record<string, Uint8Array>>
  maxSeconds: number
  stepMicros: number
  confirm?: (price: Quote, vouched: boolean) => Promise<void>
  /** The proved checkpoint that the job resumes from. */
  resume?: ProvedCheckpoint | undefined
}): Promise<PlacedJob> {
  const { context, store, offerId, secondOfferId, job, data, maxSeconds, stepMicros, resume } = args
  const offers = secondOfferId === undefined ? [offerId] : [offerId, secondOfferId]
  const blocks = resume ? [...resume.blocks] : []
  for (const { name, cid } of inputsOf(job)) blocks.push(...(await blocksOf(name, data[name], cid)))
  let vouched = true
  for (const offer of offers) {
    await requireMode(context, offer, modeOf(job))
    vouched = (await requireTaken(context, offer, job)) && vouched
  }
  const terms = termsOfJob(job, { offerId, maxSeconds, stepMicros, vouched })
  const price = await quoteTogether(context, terms, offers)
  await requireBalance(context, price.escrowWei + price.auditFeeWei)
  await args.confirm?.(price, vouched)
  const added = await addBytes(canonicalBytes(job))
  await putBlocks(store, [...blocks, ...added.blocks])
  const placing = { terms, jobCid: added.cid }
  const about = { jobHash: terms.jobHash, vouched, quote: price }
  if (secondOfferId !== undefined) {
    const { firstId, secondId, hash } = await placeRefereed(context, { ...placing, secondOfferId })
    return { orderId: firstId, twin: secondId, ...about, txHash: hash }
  }
  const resumed = resume && { resumeFrom: resume.from }
  const { orderId, hash } = await placeOrder(context, { ...placing, ...resumed })
  return { orderId, ...about, txHash: hash }
}

/** twin: of a refereed job, the other seller's order. */
export type PlacedJob = {
  orderId: bigint
  twin?: bigint
  jobHash: string
  vouched: boolean
  quote: Quote
  txHash: string
}

async function blocksOf(name: string, bytes: Uint8Array | undefined, cid: string): Promise<Block[]> {
  const added = await addBytes(bytes ?? new Uint8Array())
  if (added.cid === cid) return added.blocks
  throw new ClientError(
    `The ${name} data has CID ${added.cid}, the job names ${cid}.`,
    'Give the file that the job was written for, or correct data in the job.',
  )
}

async function requireBalance(context: ChainContext, totalWei: bigint): Promise<void> {
  const account = await signerOf(context).getAddress()
  const freeWei = await readFree(context, account)
  const { balanceWei, symbol, decimals } = await readToken(context, account)
  const missingWei = totalWei - freeWei - balanceWei
  if (missingWei <= 0n) return
  const amount = (wei: bigint) => `${formatUnits(wei, decimals)} ${symbol}`
  throw new ClientError(
    `The order takes ${amount(totalWei)}, the account has ${amount(freeWei + balanceWei)}: ${amount(missingWei)} are missing.`,
    `Send them to ${account} and order again. No money moved.`,
  )
}
