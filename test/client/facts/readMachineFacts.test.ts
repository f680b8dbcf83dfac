import { tmpdir, totalmem } from 'node:os'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { expect, test } from 'vitest'
import { machineFactsSchema, regionSchema } from '../../../client/src/facts/machineFacts.ts'
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

test('error: a region is a short place name, without marks or line breaks', () => {
  const isRegion = (text: string) => regionSchema.safeParse(text).success
  for (const text of ['eu-central', 'Oslo, Norway', 'São Paulo', '東京', 'x'])
    expect([text, isRegion(text)]).toEqual([text, true])
  for (const text of ['', ' ', '-', 'a\nb', '<b>x', 'x'.repeat(41), 'a\u202eb', 'a '])
    expect([text, isRegion(text)]).toEqual([text, false])
})
