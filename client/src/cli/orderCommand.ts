import type { ChainContext } from '@trainyard/contracts/context.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { Job } from '@trainyard/verifier/job.ts'
import { chooseOffer } from '../buyer/chooseOffer.ts'
import { listMachines } from '../buyer/listMachines.ts'
import { placeJobOrder } from '../buyer/placeJobOrder.ts'
import { ClientError } from '../errors.ts'
import { amountsIn } from './amountsIn.ts'
import { readJobFile } from './readJobFile.ts'
import { readUserFile } from './readUserFile.ts'
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
  const { store, maxSeconds, stepMicros } = options
  const job = await readJobFile(options.job)
  const data = await readData(job, options.data)
  const offerId =
    options.offer === undefined
      ? chooseOffer(await listMachines(context, MAX_MACHINES), maxSeconds)
      : BigInt(options.offer)
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

/** The job's data, found among the files by hash. */
async function readData(job: Job, paths: readonly string[]) {
  const files = await Promise.all(paths.map(readUserFile))
  const cids = await Promise.all(files.map(async (bytes) => (await addBytes(bytes)).cid))
  const dataOf = (name: 'train' | 'heldOut') => {
    const { cid } = job.data[name]
    const bytes = files[cids.indexOf(cid)]
    if (bytes) return bytes
    throw new ClientError(
      `No --data file has the hash of the job's data.${name} (${cid}); these were looked at: ${paths.join(', ')}.`,
      'Give the files that the job was written for, or correct data in the job. No money moved.',
    )
  }
  return { train: dataOf('train'), heldOut: dataOf('heldOut') }
}
