import { decodeFileNode } from '@trainyard/verifier/content/decodeFileNode.ts'
import { MAX_JOB_BYTES } from '@trainyard/verifier/job.ts'
import { MAX_OUTPUT_INDEX_BYTES, parseOutputIndex } from '@trainyard/verifier/outputIndex.ts'
import { inputsOf, parseAnyJob } from '@trainyard/verifier/rental.ts'
import type { CID } from 'multiformats/cid'
import { resultIndexSchema } from '../api/ResultReader.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import type { BlockStore } from './BlockStore.ts'
import { parseBlockCid } from './parseBlockCid.ts'

const RAW = 0x55
/** A result stays for a week after its order was settled. */
const KEPT_SECONDS = 7 * 86_400
/** 4 GiB in chunks of 256 KiB: what one order can keep here. */
const MAX_BLOCKS_PER_ORDER = 16_384

/**
 * Names of all blocks that an order which is open, or was settled within a week, needs: job, data, evidence, reports,
 * results; and the machines' specifications. Untrusted CIDs that cannot be read name nothing.
 */
export const neededBlocks = async (
  rows: ChainRows,
  store: BlockStore,
  nowSeconds: number,
): Promise<ReadonlySet<string>> => {
  const needed = new Set<string>()
  for (const uri of (await rows.specUris()).values()) addName(needed, uri)
  for (const orderId of await rows.orderIdsSince(nowSeconds - KEPT_SECONDS)) {
    const ofOrder = new Set<string>()
    for (const root of await rootsOf(await rows.eventsOfOrder(orderId), store))
      await walk(root, store, ofOrder)
    for (const name of ofOrder) needed.add(name)
  }
  return needed
}

const addName = (names: Set<string>, untrustedCid: string): void => {
  const cid = parsed(untrustedCid)
  if (cid) names.add(cid.toString())
}

const rootsOf = async (events: readonly StoredEvent[], store: BlockStore): Promise<CID[]> => {
  const named: string[] = []
  for (const event of events) {
    if (event.name === 'OrderPlaced')
      named.push(event.args.jobCid, ...(await dataOf(event.args.jobCid, store)))
    if (event.name === 'WindowCommitted') named.push(event.args.evidence)
    if (event.name === 'VerdictsRevealed') named.push(event.args.report)
    if (event.name === 'OrderEnded')
      named.push(event.args.resultCid, ...(await partsOf(event.args.resultCid, store)))
  }
  return named.flatMap((cid) => parsed(cid) ?? [])
}

const dataOf = async (jobCid: string, store: BlockStore): Promise<string[]> => {
  const bytes = await readSmall(jobCid, store)
  if (bytes === undefined) return []
  try {
    const job = parseAnyJob(bytes)
    const resumeFrom = job.version === 3 ? undefined : job.resumeFrom
    return [...inputsOf(job).map(({ cid }) => cid), ...(resumeFrom ? [resumeFrom.cid] : [])]
  } catch {
    return [] // not a job: the seller refuses it too
  }
}

const partsOf = async (resultCid: string, store: BlockStore): Promise<string[]> => {
  const bytes = await readSmall(resultCid, store, MAX_OUTPUT_INDEX_BYTES)
  if (bytes === undefined) return []
  try {
    return parseOutputIndex(bytes).files.map(({ cid }) => cid)
  } catch {
    // of a proved order: another form
  }
  try {
    const { model, metrics } = resultIndexSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    return [model, metrics]
  } catch {
    return []
  }
}

const readSmall = async (
  untrustedCid: string,
  store: BlockStore,
  maxBytes = MAX_JOB_BYTES,
): Promise<Uint8Array | undefined> => {
  const cid = parsed(untrustedCid)
  return cid && store.get(cid, maxBytes)
}

const parsed = (untrustedCid: string): CID | undefined => {
  try {
    return parseBlockCid(untrustedCid)
  } catch {
    return undefined
  }
}

const walk = async (cid: CID, store: BlockStore, names: Set<string>): Promise<void> => {
  const name = cid.toString()
  if (names.has(name) || names.size >= MAX_BLOCKS_PER_ORDER) return
  names.add(name)
  if (cid.code === RAW) return
  const bytes = await store.get(cid)
  if (bytes === undefined) return
  try {
    for (const child of decodeFileNode(cid, bytes).children) await walk(child.cid, store, names)
  } catch {
    // not a file's node: nobody can read it as one
  }
}
