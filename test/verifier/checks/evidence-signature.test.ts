import { expect, test } from 'vitest'
import { honestBundle, OTHER, SELLER } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: leaves signed by somebody else', async () => {
  const { detail } = await expectOnly('evidence-signature', await honestBundle({ signer: OTHER }))
  expect(detail).toContain(`window 0 is signed by ${OTHER.address}, the seller is ${SELLER.address}`)
})

test('error: signed for another chain', async () => {
  const dir = await honestBundle({ order: (order) => ({ ...order, chainId: order.chainId + 1 }) })
  await expectOnly('evidence-signature', dir)
})
