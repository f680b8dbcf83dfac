import { findEquivocation } from '@trainyard/verifier/equivocation.ts'
import { InputInvalid } from '@trainyard/verifier/errors.ts'
import { signEvidence, statementOf, subjectOf } from '@trainyard/verifier/evidence.ts'
import { findProof } from '@trainyard/verifier/watch/equivocate.ts'
import { Wallet } from 'ethers'
import { expect, test } from 'vitest'
import { skipSteps } from './attacks/skipSteps.ts'
import { DOMAIN, SELLER, serve } from './serve.ts'
import { openWorld, SMALL } from './world.ts'

const world = await openWorld(SMALL, 1)
const honest = await serve(world, world.honest)
const other = await serve(world, await skipSteps.run(world))
const beacon = world.beacons[1]!.value
const mine = honest.evidence[1]!
// Another story of the window that begins in the same state: two that begin elsewhere are told apart by window 0.
const [begin, ...more] = other.evidence[1]!.leaves
const { stateRootBefore } = mine.leaves[0]!
const theirs = await signEvidence(SELLER, DOMAIN, {
  ...{ orderId: '7', window: 1, beacon },
  leaves: [{ ...begin!, stateRootBefore }, ...more],
})

test('error: one window signed twice with other leaves is fraud, and says where', () => {
  expect(findEquivocation(mine, theirs, DOMAIN)).toEqual({
    orderId: '7',
    window: 1,
    seller: SELLER.address,
    segment: 10,
  })
})

test('behavior: a shorter window, after a cancel, and another beacon, after a reorganisation, are none', async () => {
  const leaves = theirs.leaves.slice(0, -1)
  const shorter = await signEvidence(SELLER, DOMAIN, { orderId: '7', window: 1, beacon, leaves })
  expect(findEquivocation(mine, shorter, DOMAIN)).toBeNull()
  const said = { orderId: '7', window: 1, beacon: world.beacons[2]!.value, leaves: theirs.leaves }
  expect(findEquivocation(mine, await signEvidence(SELLER, DOMAIN, said), DOMAIN)).toBeNull()
})

test('behavior: an amendment, and another state before, after a reorganisation that drand did not see, are none', async () => {
  const said = { orderId: '7', window: 1, beacon, leaves: theirs.leaves }
  const amended = await signEvidence(SELLER, DOMAIN, { ...said, amendment: 1 })
  expect(findEquivocation(mine, amended, DOMAIN)).toBeNull()
  expect(findEquivocation(amended, await signEvidence(SELLER, DOMAIN, said), DOMAIN)).toBeNull()
  const [first, ...rest] = theirs.leaves
  const elsewhere = [{ ...first!, stateRootBefore: first!.stateRootAfter }, ...rest]
  const reorganised = await signEvidence(SELLER, DOMAIN, { ...said, leaves: elsewhere })
  expect(findEquivocation(mine, reorganised, DOMAIN)).toBeNull()
})

test('default: what is found is what Disputes takes', () => {
  const previous = honest.windows[0]!
  const committed = { ...honest.windows[1]!, beacon, previous }
  const subject = subjectOf(mine)
  expect(findProof([mine], committed, DOMAIN)).toBeUndefined()
  const [a, b] = [mine, theirs].map((said) => ({ ...statementOf(said), signature: said.signature }))
  expect(findProof([mine, theirs], committed, DOMAIN)).toMatchObject({ subject, a, b })
  const shown = ({ root, segments, lastStateRoot }: typeof previous) => ({
    ...{ root, segments, lastStateRoot },
    signature: '0x',
  })
  const chain = { b: shown(committed), previous: shown(previous) }
  expect(findProof([theirs], committed, DOMAIN)).toEqual({ subject, a: b, ...chain })
  expect(findProof([theirs], { ...committed, amendment: 1 }, DOMAIN)).toBeUndefined()
  const elsewhere = { ...previous, lastStateRoot: previous.root }
  expect(findProof([theirs], { ...committed, previous: elsewhere }, DOMAIN)).toBeUndefined()
  expect(findProof([theirs], { ...committed, beacon: world.beacons[2]!.value }, DOMAIN)).toBeUndefined()
})

test('behavior: the same leaves, other windows and other orders are none', async () => {
  expect(findEquivocation(mine, { ...mine }, DOMAIN)).toBeNull()
  expect(findEquivocation(mine, honest.evidence[2]!, DOMAIN)).toBeNull()
  const elsewhere = await signEvidence(SELLER, DOMAIN, {
    orderId: '8',
    window: 1,
    beacon,
    leaves: theirs.leaves,
  })
  expect(findEquivocation(mine, elsewhere, DOMAIN)).toBeNull()
})

test('error: nobody is framed by leaves that another account signed, or for another deployment', async () => {
  const framing = new Wallet(`0x${'22'.repeat(32)}`)
  const { orderId, window, leaves } = theirs
  expect(
    findEquivocation(mine, await signEvidence(framing, DOMAIN, { orderId, window, beacon, leaves }), DOMAIN),
  ).toBeNull()
  const forged = { ...theirs, signature: mine.signature }
  expect(findEquivocation(mine, forged, DOMAIN)).toBeNull()
  const foreign = await signEvidence(SELLER, { ...DOMAIN, chainId: 1 }, { orderId, window, beacon, leaves })
  expect(findEquivocation(mine, foreign, DOMAIN)).toBeNull()
  expect(() => findEquivocation(mine, { ...theirs, signature: `0x${'00'.repeat(65)}` }, DOMAIN)).toThrow(
    InputInvalid,
  )
})
