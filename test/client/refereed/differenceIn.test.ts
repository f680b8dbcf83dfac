import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { type Evidence, evidenceBytes, signEvidence, statementOf } from '@trainyard/verifier/evidence.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { type SegmentLeaf, windowPath } from '@trainyard/verifier/segment.ts'
import { expect, test } from 'vitest'
import { planOf } from '../../../client/src/order/plan.ts'
import { differenceIn } from '../../../client/src/refereed/differenceIn.ts'
import { bundleParts, CHAIN_ID, OTHER, WINDOWS } from '../../helpers/honestBundle.ts'

const TWIN = 8n
const WINDOW = 1
const deployment = { chainId: CHAIN_ID, windows: WINDOWS } as Pick<Deployment, 'chainId' | 'windows'>
const parts = await bundleParts()
const own = parts.evidence[WINDOW]!
const plan = planOf(parts.job)
const first = WINDOW * plan.segmentsPerWindow
const other = (digits: string) => `0x${digits.repeat(32)}` as Hex

/** The twin's: as this machine's up to its last segment, and from there another state. */
const strayed: SegmentLeaf[] = own.leaves.map((leaf, i) => ({
  ...leaf,
  orderId: String(TWIN),
  seller: OTHER.address.toLowerCase() as Hex,
  ...(i === own.leaves.length - 1 ? { stateRootAfter: other('5a') } : {}),
}))
const changed = (position: number, change: Partial<SegmentLeaf>) =>
  strayed.map((leaf, i) => (i === position ? { ...leaf, ...change } : leaf))

async function signed(leaves = strayed, change: Partial<Evidence> = {}): Promise<Evidence> {
  const said = { orderId: String(TWIN), window: WINDOW, beacon: own.beacon, leaves, ...change }
  return { ...(await signEvidence(OTHER, deployment, said)), ...change }
}

/** With what the chain has of it: what these leaves give, unless something else was committed. */
function compare(bytes: Uint8Array | string, committed: readonly SegmentLeaf[] = strayed) {
  const at = { ...statementOf({ leaves: committed }), orderId: TWIN, seller: OTHER.address }
  return differenceIn({ own, at: { ...at, window: WINDOW, amendment: 0 }, plan, deployment, bytes })
}

test('default: the first segment that differs, with its leaf’s place in the window as committed', async () => {
  const last = strayed.length - 1
  const { root, segments, lastStateRoot } = statementOf({ leaves: strayed })
  expect(compare(evidenceBytes(await signed()))).toEqual({
    ...{ window: WINDOW, segment: first + last, own: own.leaves[last] },
    claim: { leaf: strayed[last], root, segments, lastStateRoot, path: windowPath(strayed, last) },
  })
})

const malformedLeaves: Record<string, [SegmentLeaf[], RegExp]> = {
  segment: [changed(0, { segment: 99 }), /names segment 99/],
  firstStep: [changed(0, { firstStep: 1 }), /has other steps/],
  lastStep: [changed(0, { lastStep: 2 ** 40 }), /has other steps/],
  orderId: [changed(0, { orderId: own.orderId }), /names another order/],
  seller: [changed(0, { seller: own.leaves[0]!.seller }), /names another seller/],
  beaconRound: [changed(0, { beaconRound: 1 }), /names another beacon/],
  inputsRoot: [changed(0, { inputsRoot: other('77') }), /has inputs from peers/],
  stateRootBefore: [changed(0, { stateRootBefore: other('77') }), /does not follow from the state before/],
}

test.each(Object.entries(malformedLeaves))(
  'error: a committed leaf whose %s is wrong is challenged all the same, as a whole',
  async (_, [leaves, reason]) => {
    const found = compare(evidenceBytes(await signed(leaves)), leaves)
    expect(found).toMatchObject({ window: WINDOW, segment: first, own: own.leaves[0] })
    expect(found!.claim).toMatch(reason)
  },
)

const malformedEvidence: Record<string, [() => Promise<Evidence>, RegExp]> = {
  window: [() => signed(strayed, { window: 0 }), /another order or window/],
  orderId: [() => signed(strayed, { orderId: own.orderId }), /another order or window/],
  amendment: [() => signed(strayed, { amendment: 1 }), /another amendment/],
  beacon: [() => signed(strayed, { beacon: other('99') }), /another beacon/],
  'leaves (too few)': [() => signed(strayed.slice(0, -1)), /leaves for/],
  'leaves (of another root)': [() => signed(changed(0, { batchRoot: other('77') })), /do not give the root/],
  'leaves (inner values)': [() => signed(changed(0, { innerRoot: other('77') })), /do not give the root/],
  'leaves (order)': [() => signed([...strayed].reverse()), /do not give the root/],
  signature: [() => signed(strayed, { signature: own.signature }), /not signed by the seller/],
  'signature (torn)': [
    () => signed(strayed, { signature: `0x${'00'.repeat(65)}` }),
    /the signature is malformed/,
  ],
}

test.each(Object.entries(malformedEvidence))(
  'error: evidence whose %s is not what was committed is challenged as a whole',
  async (_, [evidence, reason]) => {
    const found = compare(evidenceBytes(await evidence()))
    expect(found).toMatchObject({ window: WINDOW, segment: first })
    expect(found!.claim).toMatch(reason)
  },
)

test('error: bytes that are no evidence at all, each with its own sentence', async () => {
  const good = evidenceBytes(await signed())
  const text = new TextDecoder().decode(good)
  const as = (changedText: string) => new TextEncoder().encode(changedText)
  const sentences = [
    compare(new Uint8Array()),
    compare(good.subarray(0, 100)),
    compare(as(`${text} `)),
    compare(as(text.replace('"version":3', '"version":4'))),
    compare(as(text.replace('"leaves":[', '"leaves":[{},'))),
    compare(as(text.replace(/"innerRoot":"0x..../, '"innerRoot":"0x'))),
    compare(as(text.replace('{', '{"more":1,'))),
    compare(new Uint8Array(2 ** 20 + 1)),
    compare('bafynothing cannot be read: it is no CID.'),
  ].map((found) => found?.claim)
  expect(sentences.every((claim) => typeof claim === 'string' && claim.length > 10)).toBe(true)
  expect(new Set(sentences).size).toBeGreaterThanOrEqual(7)
})

test('behavior: a short last window that agrees as far as it goes differs in nothing', async () => {
  const short = strayed.slice(0, -1)
  expect(short.length).toBeGreaterThan(0)
  expect(compare(evidenceBytes(await signed(short)), short)).toBeUndefined()
})
