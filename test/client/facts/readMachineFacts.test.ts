import { tmpdir, totalmem } from 'node:os'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { expect, test } from 'vitest'
import { machineFactsSchema } from '../../../client/src/facts/machineFacts.ts'
import { readMachineFacts } from '../../../client/src/facts/readMachineFacts.ts'

test('default: this machine, the same each time it is measured', async () => {
  const measure = async () => (await readMachineFacts({ dataDir: tmpdir(), searchPath: '/nowhere' })).facts
  const first = await measure()
  expect(first.memoryBytes).toBe(totalmem())
  expect(first.cpu.cores).toBeGreaterThan(0)
  expect(first.diskBytes).toBeGreaterThan(0)
  expect(machineFactsSchema.parse(first)).toEqual(first)
  expect(canonicalBytes(await measure())).toEqual(canonicalBytes(first))
})
