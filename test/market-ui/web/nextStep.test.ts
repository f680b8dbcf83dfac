import type { Order } from '@trainyard/market-ui/api/schemas.ts'
import { describe, expect, it } from 'vitest'
import { nextStep } from '../../../market-ui/web/order/nextStep.ts'

const auditing = (audit: object): Order =>
  ({
    status: 'Auditing',
    phaseDeadlineAt: 100,
    audit: {
      ...{
        outcome: 'Pending',
        round: 0,
        evicted: 0,
        ready: true,
        drawn: [{}],
        panel: [{}, {}],
        committed: 0,
      },
      ...audit,
    },
  }) as unknown as Order

describe('what is next in an audit', () => {
  it('default: who audits, until when', () => {
    expect(nextStep(auditing({}), 40)).toMatch(/^2 auditors re-run 1 drawn segment; verdicts committed: 0/)
  })

  it('behavior: a larger panel, and why', () => {
    expect(nextStep(auditing({ outcome: 'Undecided' }), 200)).toContain('about twice as large')
    expect(nextStep(auditing({ round: 1, evicted: 3 }), 40)).toMatch(
      /^3 auditors of the first panel were silent and lost their seats; a second panel of 2 was drawn\. 2 auditors/,
    )
    expect(nextStep(auditing({ round: 1, evicted: 1 }), 40)).toMatch(
      /^1 auditor of the first panel was silent and lost its seat; /,
    )
    expect(nextStep(auditing({ round: 1 }), 40)).toMatch(/^The first panel left it undecided; a second panel/)
    expect(nextStep(auditing({ round: 1, ready: false, panel: [] }), 40)).toMatch(
      /^The first panel left it undecided; a larger panel is drawn\. Its auditors/,
    )
  })
})
