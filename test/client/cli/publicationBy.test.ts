import { expect, test } from 'vitest'
import { publicationBy } from '../../../client/src/cli/publicationBy.ts'
import { bundleParts } from '../../helpers/honestBundle.ts'

const { job } = await bundleParts()
const from = { orderId: 7n, window: 0, root: '0x', segments: 1, lastStateRoot: '0x' }

test('default: resuming from a private order says that its checkpoint becomes public', () => {
  expect(publicationBy({ job: { ...job, access: 'private' }, from })).toMatch(
    /^Order 7 is private: .*anybody/,
  )
  expect(publicationBy({ job: { ...job, access: 'public' }, from })).toBeUndefined()
  expect(publicationBy(undefined)).toBeUndefined()
})
