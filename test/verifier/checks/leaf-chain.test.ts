import { expect, test } from 'vitest'
import { type Cheat, honestBundle, OTHER } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

const leafOne = (change: object): Cheat => ({
  leaf: (leaf) => (leaf.segment === 1 ? { ...leaf, ...change } : leaf),
})

test('error: a segment that begins from another state than the last one ended in', async () => {
  const dir = await honestBundle(leafOne({ stateRootBefore: `0x${'77'.repeat(32)}` }))
  expect((await expectOnly('leaf-chain', dir)).detail).toBe(
    'segment 1: it does not begin where the last ended',
  )
})

test.for([
  ['other steps', { firstStep: 3 }],
  ['another order', { orderId: '8' }],
  ['another seller', { seller: OTHER.address }],
  ['inputs from peers', { inputsRoot: `0x${'01'.repeat(32)}` }],
] as const)('error: a leaf with %s', async ([, change]) => {
  await expectOnly('leaf-chain', await honestBundle(leafOne(change)))
})

test('error: a window whose last leaf is not the state that was committed', async () => {
  const dir = await honestBundle({
    order(order) {
      order.windows[0]!.lastStateRoot = `0x${'77'.repeat(32)}`
      return order
    },
  })
  expect((await expectOnly('leaf-chain', dir)).detail).toContain('window 0')
})
