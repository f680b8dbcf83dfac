import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Quote } from '@trainyard/contracts/quote.ts'
import { readOrderParameters } from '@trainyard/contracts/readOrderParameters.ts'
import type { ProofMode } from '@trainyard/contracts/words.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { Job } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { modeOf } from '@trainyard/verifier/modeOf.ts'
import { type AnyJob, inputsOf, isRental } from '@trainyard/verifier/rental.ts'
import { chooseOffer } from '../buyer/chooseOffer.ts'
import { choosePair } from '../buyer/choosePair.ts'
import { fetchProvedCheckpoint, type ProvedCheckpoint } from '../buyer/fetchProvedCheckpoint.ts'
import { listMachines } from '../buyer/listMachines.ts'
import { placeJobOrder } from '../buyer/placeJobOrder.ts'
import { ClientError } from '../errors.ts'
import { amountsIn } from './amountsIn.ts'
import { confirmed } from './confirmed.ts'
import { publicationBy } from './publicationBy.ts'
import { readJobFile } from './readJobFile.ts'
import { readUserFile } from './readUserFile.ts'
import type { Rim } from './rim.ts'
import { tellImageRecord } from './tellImageRecord.ts'
import type { OrderOptions } from './verbs/order.ts'
import { requireAccount, withChain } from './withChain.ts'

const MAX_MACHINES = 500

/** Orders a job from the given offer, or from the cheapest free machine. */
export async function orderCommand(options: OrderOptions, rim: Rim): Promise<void> {
  requireAccount(options)
  const { maxSeconds, stepMicros } = options
  const written = await readJobFile(options.job, options)
  const data = await readData(written, options.data)
  await withChain(options, rim, async (context, { store }) => {
    const offers = await chooseOffers(context, options, modeOf(written))
    const { offerId, secondOfferId } = offers
    const { resumeFrom } = options
    const resume = resumeFrom && (await fetchProvedCheckpoint(context, store, resumeFrom))
    const job = resumedJob(written, resume || undefined)
    const publication = publicationBy(resume || undefined)
    const amount = await amountsIn(context)
    const unvouched = isRental(job)
      ? 'Nothing is proved: you pay by time, and may stop at any time.'
      : job.proof.mode === 'tolerance'
        ? 'Auditors pass what comes near enough: what is farther off ends pay and slashes nobody.'
        : 'The seller does not answer for this image: a replay that differs ends pay and slashes nobody.'
    const pair = secondOfferId === undefined ? '' : ` and ${secondOfferId} together`
    const trust =
      secondOfferId === undefined
        ? ''
        : ' Where both come to the same nobody else looks: two sellers that are one person could pass anything.'
    const confirm = ({ escrowWei, auditFeeWei }: Quote, vouched: boolean) =>
      confirmed(
        rim,
        options,
        `Order from offer ${offerId}${pair} for at most ${amount(escrowWei)}, and ${amount(auditFeeWei)} for the audit?${trust}${vouched ? '' : ` ${unvouched}`}${publication ? ` ${publication}` : ''}`,
      )
    await tellImageRecord(rim.say(options), { context, store, offerId, job })
    if (publication) rim.say(options).progress({ warning: publication }, publication)
    const placed = await placeJobOrder({
      context,
      store,
      offerId,
      secondOfferId,
      job,
      data,
      maxSeconds,
      stepMicros,
      confirm,
      resume: resume || undefined,
    })
    const { orderId, twin, jobHash, txHash, vouched } = placed
    const about = twin === undefined ? { orderId, offerId } : { orderId, twin, offerId, secondOfferId }
    const what =
      twin === undefined ? `Order ${orderId} is placed` : `Orders ${orderId} and ${twin} are placed`
    const { escrowWei, auditFeeWei } = placed.quote
    const next = twin === undefined ? '' : await whatWatchingDoes(context, orderId)
    rim
      .say(options)
      .answer(
        { ...about, jobHash, txHash, vouched, escrowWei, auditFeeWei },
        `${what}: at most ${amount(escrowWei)} for training, ${amount(auditFeeWei)} for the audit.${vouched ? '' : ` ${unvouched}`} Follow it with: trainyard watch ${orderId}${next}`,
      )
  })
}

/** What keeps the buyer of a pair from paying for a model that it cannot have. */
async function whatWatchingDoes(context: ChainContext, orderId: bigint): Promise<string> {
  const { challengeSeconds } = await readOrderParameters(context, orderId)
  return `. Where both sellers agree nobody else looks whether the model can be had: that fetches it, within the ${challengeSeconds} seconds in which either order can still be challenged.`
}

/** Those named, else the cheapest; two of a refereed order. */
async function chooseOffers(
  context: ChainContext,
  { offer, with: second, maxSeconds, resumeFrom }: OrderOptions,
  mode: ProofMode,
): Promise<{ offerId: bigint; secondOfferId?: bigint }> {
  if (mode === 'Refereed') {
    if (resumeFrom !== undefined)
      throw new ClientError(
        'A refereed order does not resume from another one.',
        'Leave --resume-from, or choose another mode with --mode. No money moved.',
      )
    return choosePair(await listMachines(context, MAX_MACHINES), { first: offer, second }, maxSeconds)
  }
  if (second !== undefined)
    throw new ClientError(
      `--with names a second seller, and the order is ${mode.toLowerCase()}.`,
      'Give --mode refereed, or leave --with. No money moved.',
    )
  return { offerId: offer ?? chooseOffer(await listMachines(context, MAX_MACHINES), maxSeconds, mode) }
}

/** Sellers refuse another model's checkpoint, but only after the escrow has moved. */
function resumedJob(written: AnyJob, resume: ProvedCheckpoint | undefined): AnyJob {
  if (isRental(written)) {
    if (!resume) return written
    const what = 'An order without proof does not resume from another one.'
    throw new ClientError(what, 'Leave --resume-from, or order with a proof. No money moved.')
  }
  if (!resume && written.resumeFrom)
    throw new ClientError(
      'The job names a checkpoint to resume from, and the order names no order that proved it.',
      'Give --resume-from with the number of that order. No money moved.',
    )
  if (!resume) return written
  const { cid, job, from } = resume
  const [was, now] = [modelOf(job), modelOf(written)]
  if (was !== now) {
    const what = `The job trains the model ${now}; order ${from.orderId} trained ${was}.`
    throw new ClientError(what, 'Give the job the same model. No money moved.')
  }
  return { ...written, resumeFrom: { cid } }
}

const modelOf = ({ model, version }: Job): string =>
  `${new TextDecoder().decode(canonicalBytes(model))} (job version ${version})`

/** The job's data, found among the files by hash. */
async function readData(job: AnyJob, paths: readonly string[]) {
  const files = await Promise.all(paths.map(readUserFile))
  const cids = await Promise.all(files.map(async (bytes) => (await addBytes(bytes)).cid))
  const dataOf = ({ name, cid }: { name: string; cid: string }): [string, Uint8Array] => {
    const bytes = files[cids.indexOf(cid)]
    if (bytes) return [name, bytes]
    throw new ClientError(
      `No --data file has the hash of the job's ${job.version === 3 ? 'file' : 'data'}.${name} (${cid}); these were looked at: ${paths.map((path, i) => `${path} (${cids[i]})`).join(', ') || 'none'}.`,
      'Give the files that the job was written for, or write these hashes into the job. No money moved.',
    )
  }
  return Object.fromEntries(inputsOf(job).map(dataOf))
}
