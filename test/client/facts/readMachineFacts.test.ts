import { tmpdir, totalmem } from 'node:os'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { readMachineFacts } from '../../../client/src/facts/readMachineFacts.ts'

test('default: this machine, the same each time it is measured', async () => {
  const measure = () =>
    readMachineFacts({ dataDir: tmpdir(), searchPath: '/nowhere', logger: pino({ level: 'silent' }) })
  const first = await measure()
  expect(first.memoryBytes).toBe(totalmem())
  expect(first.cpu.cores).toBeGreaterThan(0)
  expect(first.diskBytes).toBeGreaterThan(0)
  expect(canonicalBytes(await measure())).toEqual(canonicalBytes(first))
})
