import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ClientError } from '../../../client/src/errors.ts'
import { openJournal } from '../../../client/src/journal/openJournal.ts'
import { seenOrder } from '../../../client/src/order/state.ts'

function setup() {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-journal-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return join(dir, 'journal.sqlite')
}

test('default: what was stored is there when the file is opened again', () => {
  const path = setup()
  const first = openJournal(path)
  first.saveOrder(seenOrder('10'), 1)
  first.saveOrder(seenOrder('9'), 2)
  first.saveSeed('9', 0, { seed: '0xaa', beacon: '0xbb', beaconBlock: 4 })
  first.saveEvidence('9', 0, 'bafy', new Uint8Array([1, 2]))
  first.saveFact('position', { blockNumber: 3 })
  first.close()
  const second = openJournal(path)
  expect(second.loadOrders().map(({ state }) => state.orderId)).toEqual(['9', '10'])
  expect(second.seedsOf('9')).toEqual([{ seed: '0xaa', beacon: '0xbb', beaconBlock: 4 }])
  expect(second.evidenceOf('9', 0)).toEqual({ cid: 'bafy', bytes: new Uint8Array([1, 2]) })
  expect(second.evidenceOf('9', 1)).toBeUndefined()
  expect(second.fact('position')).toEqual({ blockNumber: 3 })
  second.close()
})

test('behavior: writing the same thing again replaces it', () => {
  const journal = openJournal(setup())
  for (const seed of ['0x01', '0x02']) journal.saveSeed('1', 0, { seed, beacon: '0x', beaconBlock: 1 })
  journal.saveSeed('1', 1, { seed: '0x03', beacon: '0x', beaconBlock: 1 })
  expect(journal.seedsOf('1').map(({ seed }) => seed)).toEqual(['0x02', '0x03'])
  journal.dropSeeds('1', 1)
  expect(journal.seedsOf('1').map(({ seed }) => seed)).toEqual(['0x02'])
  journal.close()
})

test('error: two daemons cannot use one journal', () => {
  const path = setup()
  const first = openJournal(path)
  expect(() => openJournal(path)).toThrow(ClientError)
  first.close()
  openJournal(path).close()
})
