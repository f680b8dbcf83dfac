import { readFileSync } from 'node:fs'
import { EVMNET } from '@trainyard/contracts/drandNetwork.ts'
import { feedEvent } from '@trainyard/market-ui/relay/feedEvent.ts'
import { readInfo } from '@trainyard/verifier/beacon/drand/readInfo.ts'
import { readRound } from '@trainyard/verifier/beacon/drand/readRound.ts'
import { parseInner } from '@trainyard/verifier/bundle/inner.ts'
import { manifestSchema } from '@trainyard/verifier/bundle/manifest.ts'
import { orderRecordSchema } from '@trainyard/verifier/bundle/orderRecord.ts'
import { coverageOf } from '@trainyard/verifier/bundle/paths.ts'
import { type Bundle, isInputError } from '@trainyard/verifier/bundle/read.ts'
import { bundleFiles } from '@trainyard/verifier/bundle/write.ts'
import { readCheckpoint } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { readSafetensors, writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { checkProgress } from '@trainyard/verifier/checks/progress.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { decodeFileNode } from '@trainyard/verifier/content/decodeFileNode.ts'
import { ContentUnsupported } from '@trainyard/verifier/content/errors.ts'
import { parseCid } from '@trainyard/verifier/content/parseCid.ts'
import { checkGrant, GrantRefused, signGrant } from '@trainyard/verifier/grant.ts'
import { toHex } from '@trainyard/verifier/hash/hex.ts'
import { innerRoot } from '@trainyard/verifier/hash/innerRoot.ts'
import { jobHash, jobSchedule, parseJob } from '@trainyard/verifier/job.ts'
import { readImageState } from '@trainyard/verifier/jobState.ts'
import { canonicalBytes, parseCanonicalJson } from '@trainyard/verifier/json.ts'
import { parseProfile } from '@trainyard/verifier/tolerance/profile.ts'
import { checkEvidence } from '@trainyard/verifier/watch/checkEvidence.ts'
import { parseReport } from '@trainyard/verifier/watch/report.ts'
import { bundleParts, CHAIN_ID, OTHER, SELLER } from '../../helpers/honestBundle.ts'
import { infoOf } from '../../helpers/localDrand.ts'
import { type Dice, mutate } from './mutate.ts'
import { mutateJson } from './mutateJson.ts'
import { mutateSafetensors } from './mutateSafetensors.ts'

/** What reads bytes from outside, and what of its answers would be a forgery. */
export type Target = {
  name: string
  honest: Uint8Array
  /** One takes tens of milliseconds: a tenth of the inputs is enough. */
  isCostly?: true
  mutate: (bytes: Uint8Array, roll: Dice) => Uint8Array
  /** The error that a reader throws for bytes that are no good. */
  isRejection: (error: unknown) => boolean
  /**
   * Reads the bytes. 'same': says what the honest ones say; 'other': is read, but as something else, whose hash or
   * signer differs; 'forged': passes for the honest one and says something else. Throws a rejection otherwise.
   */
  read: (bytes: Uint8Array) => 'same' | 'other' | 'forged'
}

const parts = await bundleParts()
const { job, order } = parts
const files = bundleFiles(parts)
const file = (path: string) => files.get(path)!
const schedule = jobSchedule(job)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const encode = (value: string) => new TextEncoder().encode(value)
const equal = (a: unknown, b: unknown) => Buffer.compare(canonicalBytes(a), canonicalBytes(b)) === 0

/** Read as another thing with the identity of the honest one: that is a forgery. */
const judged = (saysTheSame: boolean, hasItsIdentity: boolean) =>
  saysTheSame ? 'same' : hasItsIdentity ? 'forged' : 'other'

/** One form each: bytes that are read are the only ones that say so. */
const canonical = (bytes: Uint8Array, honest: Uint8Array, value: unknown) =>
  Buffer.compare(canonicalBytes(value), bytes) === 0
    ? judged(Buffer.compare(bytes, honest) === 0, false)
    : 'forged'

const window = 1
const record = order.windows[window]!
const chainWindow = {
  ...{ orderId: BigInt(order.orderId), seller: order.seller, window, root: record.root },
  ...{ segments: record.segments, lastStateRoot: record.lastStateRoot, beaconBlock: record.beaconBlock },
  amendment: record.amendment,
  beacon: record.beacon,
  stateRootBefore: order.windows[window - 1]!.lastStateRoot,
}
const checkpoint = file('checkpoints/4/state.safetensors')
const roots = { checkpoint: checkpointRoot(checkpoint), inner: toHex(innerRoot(2, parts.inner[1]!)) }
const lifetimeSeconds = 3_600
const place = { chainId: CHAIN_ID, market: order.contracts.market }
const grant = encode(
  await signGrant(SELLER, { ...place, audience: OTHER.address, orderId: 7n, lifetimeSeconds }),
)
const nowSeconds = Math.floor(Date.now() / 1000)
const payloadOf = (header: Uint8Array) => Buffer.from(text(header).slice(6), 'base64url').toString('utf8')
const claimOf = (header: Uint8Array) => {
  const { signature: _, ...claim } = JSON.parse(payloadOf(header)) as Record<string, unknown>
  return claim
}
const tree = await addBytes(new Uint8Array(600_000))
const node = tree.blocks.find(({ cid }) => cid.toString() === tree.cid)!
const report = canonicalBytes({
  ...{ version: 1, orderId: '7', auditor: OTHER.address },
  segments: [
    { segment: 0, verdict: 'pass', expected: record.root, claimed: record.root, tensors: [] },
    {
      segment: 3,
      verdict: 'fail',
      expected: null,
      claimed: record.root,
      reason: 'x',
      tensors: [{ name: 'w0', maxAbs: 0.5, d: null }],
    },
  ],
})

const limits = { e: 1e-4, cosine: 1e-9, loss: 0.5 }
const profile = canonicalBytes({
  ...{ version: 1, alpha: 0.01, subject: record.root },
  levels: [
    {
      ...{ steps: 4, n: 299, pairs: ['a/b', 'b/c', 'c/a'].map((name) => ({ name, n: 99 })) },
      thresholds: limits,
      usual: { half: limits, most: limits },
    },
  ],
})

class NotProgress extends Error {}
const progressEvent = feedEvent({ id: '', event: 'progress', data: text(parts.progress).split('\n')[3]! })

const isContentError = (error: unknown) => error instanceof ContentUnsupported

/** checkProgress asks a bundle for no more than this. */
function progressFindings(bytes: Uint8Array): number {
  const asked = {
    ...{ bytes: () => bytes, job: () => job, coverage: () => coverageOf(job, order) },
    inner: (segment: number) => parts.inner[segment]!,
  }
  return checkProgress(asked as unknown as Bundle).length
}

const json = { mutate: mutateJson, isRejection: isInputError }
const tensors = { mutate: mutateSafetensors, isRejection: isInputError }

const { evmnet } = JSON.parse(readFileSync('test/fixtures/bls-vectors.json', 'utf8')) as {
  evmnet: { rounds: number[]; signatures: string[][] }
}
const FIELD_PRIME = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n // of BN254
const wordsOf = (words: readonly (string | bigint)[]) =>
  words.map((word) => BigInt(word).toString(16).padStart(64, '0')).join('')
const ROUND = evmnet.rounds[0]!
const round = encode(JSON.stringify({ round: ROUND, signature: wordsOf(evmnet.signatures[0]!) }))
const roundValue = readRound(EVMNET, ROUND, round).value
const info = encode(JSON.stringify(infoOf(EVMNET)))

/** The same point by other numbers: one signature must not have two values. */
function addFieldPrime(bytes: Uint8Array, roll: Dice): Uint8Array {
  const { signature } = JSON.parse(text(bytes)) as { signature: string }
  const words = [0n, 1n].map((_, i) => BigInt(`0x${signature.slice(64 * i, 64 * i + 64)}`))
  words[roll(2)]! += FIELD_PRIME
  return encode(JSON.stringify({ round: ROUND, signature: wordsOf(words) }))
}

export const targets: readonly Target[] = [
  {
    ...{ name: 'drand round', honest: round, isRejection: isInputError, isCostly: true },
    mutate: (bytes, roll) => (roll(8) === 0 ? addFieldPrime(bytes, roll) : mutateJson(bytes, roll)),
    read: (bytes) => judged(readRound(EVMNET, ROUND, bytes).value === roundValue, true),
  },
  {
    ...{ name: "drand relay's information", honest: info, ...json },
    read: (bytes) => {
      if (readInfo(EVMNET, bytes).length > 0) return 'other'
      const said = JSON.parse(text(bytes).toLowerCase()) as Record<string, unknown>
      return judged(
        Object.entries(infoOf(EVMNET)).every(([key, value]) => key === 'schemeID' || said[key] === value),
        true,
      )
    },
  },
  {
    ...{ name: 'job', honest: file('job.json'), ...json },
    read: (bytes) => {
      const found = parseJob(bytes)
      return judged(equal(found, job), jobHash(found) === jobHash(job))
    },
  },
  {
    ...{ name: 'order record', honest: file('order.json'), ...json },
    read: (bytes) =>
      canonical(bytes, file('order.json'), parseCanonicalJson(bytes, orderRecordSchema, 'order', 1e6)),
  },
  {
    ...{ name: 'manifest', honest: file('manifest.json'), ...json },
    read: (bytes) => {
      const found = parseCanonicalJson(bytes, manifestSchema, 'manifest', 1e6)
      const escapes = Object.keys(found.files).some((path) => /(^|\/)\.|^\/|\\/.test(path))
      return escapes ? 'forged' : canonical(bytes, file('manifest.json'), found)
    },
  },
  {
    // Leaves against the root on chain, their chaining and schedule, and the seller's signature.
    ...{ name: 'leaves and their proof', honest: file(`windows/${window}.json`), ...json },
    read: (bytes) => {
      const domain = { chainId: order.chainId, windows: order.contracts.windows }
      const found = checkEvidence(bytes, chainWindow, schedule, domain)
      if (found.kind === 'fault') return 'other'
      return judged(equal(found.leaves, parts.evidence[window]!.leaves), true)
    },
  },
  {
    ...{ name: 'inner values', honest: file('inner/1.json'), ...json },
    read: (bytes) => {
      const found = parseInner(bytes)
      if (found.segment !== 1) return 'other'
      const root = toHex(innerRoot(2, found.steps))
      return judged(equal(found.steps, parts.inner[1]), root === roots.inner)
    },
  },
  {
    ...{ name: 'safetensors', honest: checkpoint, ...tensors },
    read: (bytes) => {
      const found = writeSafetensors(readSafetensors(bytes))
      return judged(Buffer.compare(found, checkpoint) === 0, checkpointRoot(found) === roots.checkpoint)
    },
  },
  {
    ...{ name: 'checkpoint', honest: checkpoint, ...tensors },
    read: (bytes) => {
      readCheckpoint(bytes, [4, 3, 2])
      return judged(Buffer.compare(bytes, checkpoint) === 0, checkpointRoot(bytes) === roots.checkpoint)
    },
  },
  {
    ...{ name: "image's checkpoint", honest: checkpoint, ...tensors },
    read: (bytes) => {
      readImageState(bytes)
      return judged(Buffer.compare(bytes, checkpoint) === 0, checkpointRoot(bytes) === roots.checkpoint)
    },
  },
  {
    ...{ name: 'data set', honest: parts.train, ...tensors },
    read: (bytes) => {
      const { images, labels, samples, pixels } = readDataSet(bytes)
      const fits = images.length === samples * pixels && labels.length === samples
      return fits ? judged(Buffer.compare(bytes, parts.train) === 0, false) : 'forged'
    },
  },
  {
    ...{ name: 'progress lines', honest: parts.progress, mutate, isRejection: isInputError },
    read: (bytes) => judged(Buffer.compare(bytes, parts.progress) === 0, progressFindings(bytes) === 0),
  },
  {
    // As the market's server reads it from a seller's stream.
    ...{ name: 'progress event', honest: encode(text(parts.progress).split('\n')[3]!), ...json },
    isRejection: (error) => error instanceof NotProgress,
    read: (bytes) => {
      const found = feedEvent({ id: '', event: 'progress', data: text(bytes) })
      if (found?.kind !== 'progress') throw new NotProgress()
      const { step, loss, samples } = found.data
      const sane = Number.isSafeInteger(step) && Number.isFinite(loss) && samples >= 0
      return sane ? judged(equal(found, progressEvent), false) : 'forged'
    },
  },
  {
    ...{ name: 'grant', honest: grant },
    mutate: (bytes, roll) => {
      if (roll(4) === 0) return mutate(bytes, roll)
      const whole = payloadOf(bytes)
      return encode(`Grant ${Buffer.from(mutateJson(encode(whole), roll)).toString('base64url')}`)
    },
    isRejection: (error) => error instanceof GrantRefused,
    read: (bytes) => {
      const expected = { ...place, audience: OTHER.address, orderId: 7n, nowSeconds }
      const account = checkGrant(text(bytes), expected)
      if (account.toLowerCase() !== SELLER.address.toLowerCase()) return 'other' // it signed that itself
      const lower = (claim: Record<string, unknown>) =>
        JSON.parse(JSON.stringify(claim).toLowerCase()) as unknown
      return judged(equal(lower(claimOf(bytes)), lower(claimOf(grant))), true)
    },
  },
  {
    ...{ name: "auditor's report", honest: report, ...json },
    read: (bytes) => canonical(bytes, report, parseReport(bytes)),
  },
  {
    ...{ name: 'node of a file', honest: node.bytes, mutate, isRejection: isContentError },
    read: (bytes) => {
      const { children, size } = decodeFileNode(parseCid(tree.cid), bytes)
      return children.length > 0 && size >= 0n
        ? judged(Buffer.compare(bytes, node.bytes) === 0, false)
        : 'forged'
    },
  },
  {
    ...{ name: 'CID', honest: encode(tree.cid), mutate, isRejection: isContentError },
    read: (bytes) => {
      const shown = text(bytes)
      return judged(shown === tree.cid, parseCid(shown).toString() === tree.cid && shown.startsWith('b'))
    },
  },
  {
    ...{ name: 'tolerance profile', honest: profile, ...json },
    read: (bytes) => {
      const found = parseProfile(bytes)
      const sane = found.levels.every(({ steps, thresholds, usual: { half, most } }) => {
        const all = [thresholds, half, most].flatMap(({ e, cosine, loss }) => [e, cosine, loss])
        return steps <= 10 && all.every((limit) => Number.isFinite(limit) && limit >= 0)
      })
      return sane ? judged(equal(found, JSON.parse(text(profile))), false) : 'forged'
    },
  },
]
