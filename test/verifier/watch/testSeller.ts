import { once } from 'node:events'
import { createServer } from 'node:http'
import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { commitWindow } from '@trainyard/contracts/commitWindow.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { setModes } from '@trainyard/contracts/setModes.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { writeCheckpoint, writeModel } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { evaluate, metricsBytes } from '@trainyard/verifier/canonical/evaluate.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { scheduleOf } from '@trainyard/verifier/canonical/schedule.ts'
import { trainSteps } from '@trainyard/verifier/canonical/train.ts'
import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { type Evidence, evidenceBytes, signEvidence } from '@trainyard/verifier/evidence.ts'
import { checkGrant } from '@trainyard/verifier/grant.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'
import { type CanonicalJob, type Job, jobHash } from '@trainyard/verifier/job.ts'
import { readStateAt } from '@trainyard/verifier/jobState.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { modeOf } from '@trainyard/verifier/modeOf.ts'
import { resultIndex } from '@trainyard/verifier/resultIndex.ts'
import { type SegmentLeaf, windowRoot } from '@trainyard/verifier/segment.ts'
import { windowSeed } from '@trainyard/verifier/windowSeed.ts'
import { id, parseEther } from 'ethers'
import type { Devnet } from '../../helpers/devnet.ts'
import type { TestStore } from './testStore.ts'

type Store = Pick<TestStore, 'url' | 'withheld'>

import { tinyData, tinyJob } from './tinyJob.ts'

type Account = Awaited<ReturnType<Devnet['account']>>

/** Ways to cheat or to be in trouble; each changes one thing of an otherwise honest run. */
type Trouble = {
  /** changes the job before it is ordered; it is trained as it was */
  job?: (job: CanonicalJob) => Job
  /** false: the seller does not answer for the job's environment */
  vouched?: boolean
  /** the buyer's CID in the order's event, instead of the job's */
  jobCid?: string
  /** changes the state after a segment: everything later follows from it */
  state?: (segment: number, state: TrainState) => void
  /** changes a leaf before its window is committed */
  leaf?: (leaf: SegmentLeaf) => SegmentLeaf
  /** changes the evidence that is uploaded, not what is committed */
  evidence?: (evidence: Evidence) => Evidence | Promise<Evidence>
  /** what is served for a step instead of its checkpoint */
  checkpoint?: (step: number, bytes: Uint8Array) => Uint8Array | undefined
  /** windows whose evidence the store does not give out */
  withheld?: readonly number[]
  /** what becomes of the result: another model's, in no store but served here, or nowhere to be had */
  result?: 'another' | 'served' | 'nowhere'
  /** called when all windows are committed, before the order ends */
  beforeEnd?: () => void
  /** an order of this seller whose last checkpoint this one resumes from */
  resumes?: bigint
  /** changes the state that training begins with, before its root is told */
  start?: (state: TrainState) => void
  /** stops after so many windows */
  windows?: number
}

export type TestSeller = {
  readonly account: Account
  /** checkpoints and result by `order/step` or `order/name` */
  readonly served: Map<string, Uint8Array>
  /** accounts whose grants were accepted */
  readonly readers: Set<string>
  /** accounts that are served nothing */
  readonly refused: Set<string>
  runOrder: (trouble?: Trouble) => Promise<{ orderId: bigint; evidence: string[]; job: CanonicalJob }>
  close: () => Promise<void>
}

/**
 * A seller that trains the tiny job in this process, with its machine, offer and checkpoint endpoint, or the one given.
 * @param hardwareClass of its machines, by name
 */
export async function startTestSeller(
  net: Devnet,
  store: Store,
  endpoint?: string,
  hardwareClass = 'canonical',
): Promise<TestSeller> {
  const [account, buyer] = await Promise.all([net.account(0), net.account(1)])
  const served = new Map<string, Uint8Array>()
  const readers = new Set<string>()
  const refused = new Set<string>()
  const { url, close } = await serveCheckpoints(net, account, { served, readers, refused })
  await deposit(account, { amountWei: parseEther('5000') })
  await bond(account, { amountWei: parseEther('5000') })
  const runOrder = async (trouble: Trouble = {}) => {
    const offerId = await offerMachine(account, endpoint ?? url, hardwareClassOf(hardwareClass))
    const order = await placeAndStart(net, store, account, buyer, offerId, served, trouble)
    return trainAndCommit({ net, store, account, served, trouble, ...order })
  }
  return { account, served, readers, refused, runOrder, close }
}

async function serveCheckpoints(
  net: Devnet,
  account: Account,
  { served, readers, refused }: Pick<TestSeller, 'served' | 'readers' | 'refused'>,
) {
  const server = createServer((request, response) => {
    const [, order = '0', step = ''] =
      request.url?.match(/^\/orders\/(\d+)\/(?:checkpoints|result)\/([\w.]+)$/) ?? []
    const expected = { ...net.deployment, audience: account.address, orderId: BigInt(order) }
    try {
      const reader = checkGrant(request.headers.authorization, expected)
      if (refused.has(reader)) throw new Error('refused')
      readers.add(reader)
    } catch {
      return void response.writeHead(401).end()
    }
    const bytes = served.get(`${order}/${step}`)
    if (bytes) response.end(bytes)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const close = async () => {
    server.closeAllConnections()
    if (!server.listening) return
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

async function offerMachine(account: Account, endpoint: string, hardwareClass: string): Promise<bigint> {
  const { machineId } = await addMachine(account, {
    specHash: id('spec'),
    specUri: 'spec',
    hardwareClass,
    endpoint,
  })
  await setModes(account, { machineId, modes: ['Bitwise', 'Tolerance'] })
  const pricePerHourWei = parseEther('3.6')
  const expiresAt = 4_000_000_000
  const made = await makeOffer(account, {
    machineId,
    pricePerHourWei,
    minSeconds: 1,
    maxSeconds: 36_000,
    expiresAt,
  })
  return made.offerId
}

async function placeAndStart(
  net: Devnet,
  store: Store,
  account: Account,
  buyer: Account,
  offerId: bigint,
  served: Map<string, Uint8Array>,
  trouble: Trouble,
) {
  const dataFile = tinyData()
  const data = await addBytes(dataFile)
  await putBlocks(store.url, data.blocks)
  const plain = tinyJob(data.cid)
  const resume =
    trouble.resumes === undefined ? undefined : await resumeFrom(account, served, trouble.resumes)
  if (resume) await putBlocks(store.url, resume.blocks)
  const wanted = { ...plain, ...(resume && { resumeFrom: { cid: resume.cid } }) }
  const job = trouble.job?.(wanted) ?? wanted
  const jobFile = await addBytes(canonicalBytes(job))
  await putBlocks(store.url, jobFile.blocks)
  const { orderId } = await placeOrder(buyer, {
    terms: {
      offerId,
      jobHash: jobHash(job),
      maxSeconds: 36_000,
      stepMicros: 1_000_000,
      steps: plain.steps,
      stepsPerSegment: plain.stepsPerSegment,
      segmentsPerWindow: plain.segmentsPerWindow,
      draws: plain.proof.draws,
      unauditedShareBps: 5_000,
      mode: modeOf(job),
      vouched: trouble.vouched ?? job.proof.mode === 'bitwise',
    },
    jobCid: trouble.jobCid ?? jobFile.cid,
    ...(resume && { resumeFrom: resume.from }),
  })
  await startOrder(account, { orderId })
  await net.mine(3)
  return { orderId, job: wanted, dataFile, begun: resume?.bytes }
}

/** The last checkpoint of a settled order, as the chain and the store know it. */
async function resumeFrom(account: Account, served: Map<string, Uint8Array>, orderId: bigint) {
  const window = (await readWindowCount(account, orderId)) - 1
  const { root, segments, lastStateRoot } = (await readWindow(account, orderId, window))!
  const bytes = served.get(`${orderId}/32`)!
  return { from: { orderId, window, root, segments, lastStateRoot }, bytes, ...(await addBytes(bytes)) }
}

type Run = Awaited<ReturnType<typeof placeAndStart>> & {
  net: Devnet
  store: Store
  account: Account
  served: Map<string, Uint8Array>
  trouble: Trouble
}

async function trainAndCommit(run: Run) {
  const { net, account, orderId, job, trouble, served, begun } = run
  const schedule = scheduleOf(job)
  const state = (begun ? readStateAt(0, begun, job) : initialState(job)) as TrainState
  trouble.start?.(state)
  const beginning = begun && !trouble.start ? begun : writeCheckpoint(state)
  const seeds: Hex[] = []
  const evidence: string[] = []
  served.set(`${orderId}/0`, beginning)
  let before = checkpointRoot(beginning)
  for (let window = 0; window < (trouble.windows ?? schedule.windows); window++) {
    const beacon = await readBeacon(account, orderId, window)
    seeds.push(windowSeed({ jobSeed: job.seed, orderId, window, beacon: beacon.value }))
    const leaves: SegmentLeaf[] = []
    const { first, end } = schedule.windowSegments(window)
    for (let segment = first; segment < end; segment++) {
      const leaf = trainSegment(run, seeds, state, segment, before, beacon.position)
      leaves.push(leaf)
      before = leaf.stateRootAfter
    }
    evidence.push(await commitLeaves(run, window, leaves, beacon.value))
    await net.mine(3)
  }
  const full = trouble.windows === undefined || trouble.windows === schedule.windows
  const resultCid = full ? await deliver(run, state) : ''
  trouble.beforeEnd?.()
  if (full) await orderCompleted(account, { orderId, resultCid })
  return { orderId, evidence, job }
}

async function deliver({ job, dataFile, store, orderId, served, trouble }: Run, state: TrainState) {
  const metrics = metricsBytes(evaluate(job.model.layers, state.params, readDataSet(dataFile)))
  const model = writeModel(trouble.result === 'another' ? initialState(job) : state)
  const index = await addBytes(await resultIndex({ model, metrics }))
  const files = [index, await addBytes(model), await addBytes(metrics)]
  for (const { cid, blocks } of files) {
    await putBlocks(store.url, blocks)
    if (trouble.result === 'served' || trouble.result === 'nowhere') store.withheld.add(cid)
  }
  if (trouble.result !== 'nowhere') {
    served.set(`${orderId}/model.safetensors`, model)
    served.set(`${orderId}/metrics.json`, metrics)
  }
  return index.cid
}

function trainSegment(
  run: Run,
  seeds: readonly Hex[],
  state: TrainState,
  segment: number,
  stateRootBefore: Hex,
  beaconRound: number,
): SegmentLeaf {
  const { job, orderId, account, served, trouble, dataFile } = run
  const data = readDataSet(dataFile)
  const { first, end } = scheduleOf(job).segmentSteps(segment)
  const inner: InnerStep[] = []
  const onStep = (step: { lossBits: number; gradNormBits: number }) =>
    inner.push([step.lossBits, step.gradNormBits])
  trainSteps({ job, data, seeds, state, fromStep: first, toStep: end, onStep: (step) => void onStep(step) })
  trouble.state?.(segment, state)
  const after = writeCheckpoint(state)
  const shown = trouble.checkpoint ? trouble.checkpoint(end, after) : after
  if (shown) served.set(`${orderId}/${end}`, shown)
  const seller = account.address as Hex
  const facts = {
    job,
    data,
    seeds,
    orderId: String(orderId),
    seller,
    segment,
    stateRootBefore,
    after,
    inner,
    beaconRound,
  }
  const leaf = buildLeaf(facts)
  return trouble.leaf?.(leaf) ?? leaf
}

async function commitLeaves(
  run: Run,
  window: number,
  leaves: SegmentLeaf[],
  beacon: string,
): Promise<string> {
  const { net, store, account, orderId, trouble } = run
  const { chainId, windows } = net.deployment
  const signed = await signEvidence(
    account.wallet,
    { chainId, windows },
    { orderId: String(orderId), window, beacon, leaves },
  )
  const { cid, blocks } = await addBytes(evidenceBytes((await trouble.evidence?.(signed)) ?? signed))
  await putBlocks(store.url, blocks)
  if (trouble.withheld?.includes(window)) store.withheld.add(cid)
  await commitWindow(account, {
    orderId,
    index: window,
    root: windowRoot(leaves),
    segments: leaves.length,
    lastStateRoot: leaves.at(-1)!.stateRootAfter,
    beacon,
    evidence: cid,
  })
  return cid
}
