import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { type Journal, openJournal } from '@trainyard/verifier/watch/journal.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ORDER = 7n
const one = { segments: [3, 0], positions: [0, 4] }
const other = { segments: [5], positions: [1] }

let folder: string
let journal: Journal
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-journal-'))
  const deployment = { genesisHash: '0x12345678', proofs: '0x12345678' } as Deployment
  journal = openJournal(folder, deployment, '0xabcdef0123')
})
afterAll(() => {
  journal?.close()
  rmSync(folder, { recursive: true, force: true })
})

function save(share: typeof one, salt: string): void {
  const rest = { verdicts: 1n, inner: [], reportCid: 'bafy', report: new Uint8Array(1) }
  journal.save({ orderId: ORDER, round: 0, ...share, ...rest, salt })
}

test('behavior: what was signed for one draw is said again when seats move back to it', () => {
  save(one, 'signed')
  expect(journal.takeUp(ORDER, 0, other)).toBeUndefined()
  expect(journal.recordOf(ORDER)).toBeUndefined()
  save(other, 'for another')
  expect(journal.takeUp(ORDER, 0, one)).toMatchObject({ ...one, salt: 'signed', committed: false })
  expect(journal.takeUp(ORDER, 0, other)).toMatchObject({ ...other, salt: 'for another' })
  expect(journal.takeUp(ORDER, 0, one)).toMatchObject({ salt: 'signed' })
})

test('behavior: what was discarded, and what a larger panel replaced, does not come back', () => {
  journal.discard(ORDER)
  expect(journal.takeUp(ORDER, 0, one)).toBeUndefined()
  journal.moveOn(ORDER, 1)
  expect(journal.takeUp(ORDER, 0, other)).toBeUndefined()
})
