import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: leaves that are not those committed', async () => {
  const dir = await honestBundle({
    order(order) {
      order.windows[1]!.root = `0x${'77'.repeat(32)}`
      return order
    },
  })
  expect((await expectOnly('window-root', dir)).detail).toContain('window 1: its leaves hash to')
})

test('error: evidence under another CID than the one committed', async () => {
  const dir = await honestBundle({
    order(order) {
      order.windows[1]!.evidence = order.windows[0]!.evidence
      return order
    },
  })
  expect((await expectOnly('window-root', dir)).detail).toContain('window 1: its file is')
})
