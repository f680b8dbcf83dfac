import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { expect, test } from 'vitest'
import { imageBundle, standInReplayer } from '../../helpers/imageBundle.ts'

const TIMEOUT_MS = 60_000

test(
  'behavior: an image that saves nothing when replayed convicts nobody',
  async () => {
    const { verdict, checks } = await verifyBundle(await imageBundle(), {
      replayer: standInReplayer('savesNothing'),
    })
    expect(verdict).toBe('undecided')
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
  },
  TIMEOUT_MS,
)

// Whose fault that is the bundle does not say: on chain it is a mismatch where its seller does not vouch for the image, and
// slashes nobody (docs/red-team.md).
test(
  'behavior: an image that behaves differently when replayed makes its bundle invalid',
  async () => {
    const { verdict, checks } = await verifyBundle(await imageBundle(), {
      replayer: standInReplayer('differs'),
    })
    expect(verdict).toBe('invalid')
    expect(checks.filter(({ status }) => status === 'fail').map(({ id }) => id)).toContain('replay')
  },
  TIMEOUT_MS,
)
