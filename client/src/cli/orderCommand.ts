import { readFile } from 'node:fs/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { parseJob } from '@trainyard/verifier/job.ts'
import { listMachines } from '../buyer/listMachines.ts'
import { placeJobOrder } from '../buyer/placeJobOrder.ts'
import { ClientError } from '../errors.ts'
import { amountsIn } from './amountsIn.ts'
import type { Say } from './say.ts'

const MAX_MACHINES = 500

export type OrderOptions = {
  job: string
  data: string[]
  store: string
  offer?: string
  maxSeconds: number
  stepMicros: number
}

/** Orders a job from the given offer, or from the cheapest free machine. */
export async function orderCommand(context: ChainContext, options: OrderOptions, say: Say): Promise<void> {
  const job = parseJob(await readUserFile(options.job))
  const files = await Promise.all(options.data.map(readUserFile))
  const cids = await Promise.all(files.map(async (bytes) => (await addBytes(bytes)).cid))
  const dataOf = (name: string, cid: string) => {
    const bytes = files[cids.indexOf(cid)]
    if (bytes) return bytes
    throw new ClientError(
      `No --data file has the hash of the job's data.${name} (${cid}).`,
      'Give the files that the job was written for, or correct data in the job.',
    )
  }
  const data = {
    train: dataOf('train', job.data.train.cid),
    heldOut: dataOf('heldOut', job.data.heldOut.cid),
  }
  const offerId = options.offer === undefined ? await cheapestOffer(context, options) : BigInt(options.offer)
  const { store, maxSeconds, stepMicros } = options
  const placed = await placeJobOrder({ context, store, offerId, job, data, maxSeconds, stepMicros })
  const amount = await amountsIn(context)
  const { escrowWei, auditFeeWei } = placed.quote
  say.answer(
    {
      orderId: placed.orderId,
      offerId,
      jobHash: placed.jobHash,
      txHash: placed.txHash,
      escrowWei,
      auditFeeWei,
    },
    `Order ${placed.orderId} is placed: at most ${amount(escrowWei)} for training, ${amount(auditFeeWei)} for the audit.`,
  )
}

async function cheapestOffer(context: ChainContext, { maxSeconds }: OrderOptions): Promise<bigint> {
  const machines = await listMachines(context, MAX_MACHINES)
  const fitting = machines.find((offer) => offer.status === 'ForRent' && offer.maxSeconds >= maxSeconds)
  if (fitting) return BigInt(fitting.offerId)
  throw new ClientError('No free machine offers that much time.', 'Ask for less, or try again later.', {
    exitCode: 75,
  })
}

async function readUserFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new ClientError(`The file ${path} cannot be read.`, 'Check its path.', { cause })
  }
}
