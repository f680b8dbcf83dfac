import type { DisputeSummary, Finding } from '@trainyard/market-ui/api/schemas.ts'
import { id } from 'ethers'
import { describe, expect, it } from 'vitest'
import { bondParts } from '../../../market-ui/web/dispute/bondParts.ts'
import {
  findingText,
  stageWord,
  whatIsDisputed,
  whatIsNext,
} from '../../../market-ui/web/dispute/disputeWords.ts'
import { dueCall } from '../../../market-ui/web/dispute/dueCall.ts'

const [seller, challenger, third] = [id('seller'), id('challenger'), id('third')]
const NOW = 1_000

const dispute = (facts: Partial<DisputeSummary>): DisputeSummary => ({
  id: '1',
  orderId: '1',
  challenger: `0x${'11'.repeat(20)}`,
  segment: 3,
  firstStep: 96,
  lastStep: 128,
  step: 0,
  answer: null,
  agreedRoot: null,
  sellerRoot: 'valid',
  challengerRoot: null,
  bondWei: '2',
  isBondHeld: true,
  round: 0,
  stage: 'Answering',
  deadlineAt: NOW + 60,
  sealDeadline: 0,
  further: [],
  jury: [],
  found: null,
  sellerWins: null,
  entries: [],
  ...facts,
})

const undecided = { name: 'JuryUndecided', detail: null, txHash: id('tx'), blockNumber: 1, at: 1 }

describe('whatIsDisputed', () => {
  it('default: the segment, its end, or one step, by what was claimed and answered', () => {
    const roots = { step: 32, sellerRoot: seller, challengerRoot: challenger }
    expect(whatIsDisputed(dispute({}))).toContain('segment 3, steps 97 to 128, does not hold, or that')
    expect(whatIsDisputed(dispute(roots))).toContain('segment 3, steps 97 to 128, ends in another state')
    expect(whatIsDisputed(dispute({ ...roots, answer: 'served' }))).toContain('ends in another state')
    expect(whatIsDisputed(dispute({ ...roots, step: 11, answer: 'steps' }))).toContain('before step 107,')
    expect(whatIsDisputed(dispute({ sellerRoot: 'stalled' }))).toContain('says that the job goes on')
  })
})

describe('whatIsNext', () => {
  it('default: every stage says what comes and until when, and what if that is over', () => {
    const said = (facts: Partial<DisputeSummary>) => [
      whatIsNext(dispute(facts), NOW),
      whatIsNext(dispute(facts), NOW + 60),
    ]
    expect(said({ stage: 'Answering' })).toEqual([
      expect.stringMatching(/^The seller may answer until .*, in 1.min; then a jury/),
      expect.stringMatching(/anyone may have the jury drawn/),
    ])
    const juror = {
      juror: challenger.slice(0, 42),
      found: null,
      isSealed: false,
      othersHold: null,
      txHash: null,
    }
    const jury = [juror, { ...juror, found: 'unusable' as const }]
    expect(said({ stage: 'Voting', jury })).toEqual([
      expect.stringMatching(/^2 jurors .* until .*1 vote on the chain/),
      expect.stringMatching(/a second jury is drawn then/),
    ])
    const sealed = [{ ...juror, isSealed: true }, juror]
    expect(said({ stage: 'Voting', jury: sealed })[0]).toMatch(/1 vote on the chain, still sealed/)
    expect(said({ stage: 'Voting', jury, round: 1 })[1]).toContain('ends unaudited')
    expect(whatIsNext(dispute({ stage: 'Drawing', round: 1, deadlineAt: 0 }), NOW)).toContain('A second one')
  })

  it('behavior: the end says who was right, or why nobody was', () => {
    const end = (facts: Partial<DisputeSummary>) => whatIsNext(dispute({ stage: 'Closed', ...facts }), NOW)
    expect(end({ found: 'valid', sellerWins: true })).toMatch(
      /segment 3 holds\. The challenger lost its bond/,
    )
    expect(end({ found: 'unusable', sellerWins: false })).toMatch(
      /contradicts itself.*The order says what that cost/,
    )
    const holding = { juror: challenger.slice(0, 42), isSealed: true, othersHold: true, txHash: null }
    const jury = [{ ...holding, found: 'unusable' as const }]
    expect(end({ found: 'unusable', sellerWins: false, jury, further: [1, 2] })).toMatch(/it was a fault/)
    expect(end({ entries: [undecided, undecided], isBondHeld: false })).toContain('Neither jury agreed')
    expect(end({ isBondHeld: true })).toContain('anyone may have it returned')
    expect(end({ isBondHeld: false })).toContain('the bond went back')
  })
})

describe('findings', () => {
  it('default: a state is told by whose it is', () => {
    const sides = { sellerRoot: seller as Finding, challengerRoot: challenger, segment: 3 }
    expect(findingText(sides, seller)).toContain("the seller's state")
    expect(findingText(sides, challenger)).toContain("the challenger's state")
    expect(findingText(sides, third)).toContain("neither side's")
    expect(findingText({ ...sides, sellerRoot: 'valid', challengerRoot: null }, third)).toContain(
      'another state than the seller claims',
    )
    expect(findingText(sides, 'unavailable')).toContain('not served')
  })

  it('behavior: only a decision names a winner', () => {
    expect(stageWord(dispute({ stage: 'Voting', found: null })).text).toBe('Voting')
    expect(stageWord(dispute({ stage: 'Closed' })).text).toBe('Not decided')
    expect(stageWord(dispute({ stage: 'Closed', found: 'valid', sellerWins: true })).tone).toBe('ok')
    expect(stageWord(dispute({ stage: 'Closed', found: third, sellerWins: false })).tone).toBe('bad')
  })
})

describe('bondParts', () => {
  it('default: half, a quarter, and what is left, to the wei', () => {
    expect(bondParts('2000000000000000000')).toEqual({
      toJurorsWei: '1000000000000000000',
      toSellerWei: '500000000000000000',
      burnedWei: '500000000000000000',
    })
    expect(bondParts('7')).toEqual({ toJurorsWei: '3', toSellerWei: '1', burnedWei: '3' })
  })
})

describe('dueCall', () => {
  it('default: nothing before its time, and never what the stage does not allow', () => {
    const due = (facts: Partial<DisputeSummary>, now: number) => dueCall(dispute(facts), now)
    expect([due({}, NOW), due({}, NOW + 60)]).toEqual([undefined, 'drawJury'])
    expect(due({ stage: 'Drawing', deadlineAt: 0 }, NOW)).toBe('drawJury')
    expect([due({ stage: 'Voting' }, NOW), due({ stage: 'Voting' }, NOW + 60)]).toEqual([
      undefined,
      'resolve',
    ])
    const closed = { stage: 'Closed', deadlineAt: 0 } as const
    expect([due(closed, NOW), due({ ...closed, isBondHeld: false }, NOW)]).toEqual(['resolve', undefined])
  })
})
