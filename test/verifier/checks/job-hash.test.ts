import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: an order for another job', async () => {
  const dir = await honestBundle({ order: (order) => ({ ...order, jobHash: `0x${'12'.repeat(32)}` }) })
  expect((await expectOnly('job-hash', dir)).detail).toContain(`the order names job 0x${'12'.repeat(32)}`)
})

test("error: terms that are not the job's numbers", async () => {
  const dir = await honestBundle({ order: (order) => ({ ...order, terms: { ...order.terms, steps: 11 } }) })
  expect((await expectOnly('job-hash', dir)).detail).toBe('terms.steps is 11, the job has 10')
})

test('error: terms in another proof mode', async () => {
  const dir = await honestBundle({
    order: (order) => ({ ...order, terms: { ...order.terms, mode: 'None' } }),
  })
  await expectOnly('job-hash', dir)
})
