import type { Order } from '@trainyard/market-ui/api/schemas.ts'
import { expect, test } from 'vitest'
import { proofStatement } from '../../../market-ui/web/order/proofStatement.ts'
import { twinWords } from '../../../market-ui/web/order/twinWords.ts'
import { checkTerms } from '../../../market-ui/web/ordering/checkTerms.ts'
import { draftOf, emptyDraft, furtherDraftOf } from '../../../market-ui/web/ordering/draft.ts'
import { hasPair } from '../../../market-ui/web/ordering/pairs.ts'
import { modeHint } from '../../../market-ui/web/ordering/proofModes.ts'
import { tinyJob } from '../../client/rig/tinyJob.ts'

const order = (sealed: number, byAgreement = false) =>
  ({ totalWindows: 5, sealedWindows: Array(sealed).fill({}), audit: { byAgreement } }) as unknown as Order

test('default: how two orders stand beside each other', () => {
  const words = (of: Order, compared: number, differsFrom: number | null) =>
    twinWords(of, { compared, differsFrom })
  expect(words(order(2), 0, null).text).toBe(
    'nothing can be compared yet. 2 windows of this order are sealed: told once the other seller is bound to its own.',
  )
  expect(words(order(0), 3, null)).toMatchObject({ word: 'Agrees so far', tone: 'waiting' })
  expect(words(order(0), 5, null)).toMatchObject({ word: 'Agrees so far', tone: 'same' })
  expect(words(order(0), 5, 3)).toMatchObject({ word: 'Differs from window 3', tone: 'other' })
  expect(words(order(0, true), 5, null)).toMatchObject({ word: 'Agrees', tone: 'same' })
})

test('behavior: what two sellers agree on is said to rest on them', () => {
  const agreed = {
    committedSegments: 15,
    twin: { orderId: '8' },
    audit: { outcome: 'Pass', byAgreement: true, drawn: [], panel: [], failedSegment: null },
    disputes: [],
  } as unknown as Order
  const { proved, notProved } = proofStatement(agreed)
  expect(proved).toContain('that of order #8, trained all 15 segments and came to the same state')
  expect(notProved).toContain('not being one person')
})

type Machine = Parameters<typeof hasPair>[0][number]
const machine = (owner: string, changes: Partial<Machine> = {}): Machine =>
  ({
    ...{ machineId: owner, owner, hardwareClass: 'canonical', status: 'ForRent' },
    proofModes: ['Bitwise', 'Refereed'],
    offer: { offerId: '1', minSeconds: 60, maxSeconds: 3600 },
    ...changes,
  }) as Machine

test('default: a pair is of two sellers, in one hardware class, that take such orders', () => {
  expect(hasPair([machine('a'), machine('b')])).toBe(true)
  expect(hasPair([machine('a'), machine('a')])).toBe(false)
  expect(hasPair([machine('a'), machine('b', { hardwareClass: 'a100' })])).toBe(false)
  expect(hasPair([machine('a'), machine('b', { proofModes: ['Bitwise'] })])).toBe(false)
})

test('behavior: what trains a refereed model further is proved by auditors', async () => {
  const { job } = await tinyJob({ proof: { mode: 'refereed', draws: 5 } })
  expect(draftOf(job).mode).toBe('refereed')
  expect(furtherDraftOf(job, '7')).toMatchObject({ mode: 'bitwise', draws: '5', resumeOrder: '7' })
})

test('error: a second machine that is missing, busy, or the same seller’s', () => {
  const draft = { ...emptyDraft(), mode: 'refereed' }
  const problem = (second: Machine | undefined) =>
    checkTerms(draft, machine('a'), second).problems.secondMachineId
  expect(problem(machine('b'))).toBeUndefined()
  expect(problem(undefined)).toBe('the second machine: choose a machine')
  expect(problem(machine('b', { status: 'Renting' }))).toContain('not free any more')
  expect(problem(machine('a'))).toContain('another seller’s')
  expect(checkTerms({ ...draft, mode: 'bitwise' }, machine('a')).problems).toEqual({})
})

test('behavior: where no two sellers can be had, the form says why it offers no refereed order', () => {
  expect(modeHint('bitwise', false)).toMatch(/not proved\. Refereed orders take free machines of two sellers/)
  expect(modeHint('bitwise', true)).not.toMatch(/Refereed/)
  expect(modeHint('refereed', false)).not.toMatch(/there are none now/)
})
