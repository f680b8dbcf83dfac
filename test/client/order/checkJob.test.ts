import { expect, test } from 'vitest'
import { checkJob, type Own } from '../../../client/src/order/checkJob.ts'
import { bundleParts } from '../../helpers/honestBundle.ts'
import { imageJobOf } from '../../helpers/imageBundle.ts'

const { job: canonical, order } = await bundleParts()
const image = imageJobOf(canonical)
const terms = { ...order.terms, mode: 'Bitwise' } as unknown as Parameters<typeof checkJob>[1]
const own: Own = {
  trainerHash: canonical.environment.profile === 'canonical' ? canonical.environment.trainerHash : '',
  hardwareClass: 'x86-64',
  images: [image.environment.image],
  vouchedImages: [],
  egress: 'any',
}

test('default: the canonical trainer, and images that are listed', () => {
  expect(checkJob(canonical, terms, own)).toBeUndefined()
  expect(checkJob(image, terms, own)).toBeUndefined()
})

test('error: an image that is not listed, or any on a machine whose auditors need no Docker', () => {
  expect(checkJob(image, terms, { ...own, images: [] })).toMatch(/not among those that this machine accepts/)
  expect(checkJob(image, terms, { ...own, hardwareClass: 'canonical' })).toMatch(/canonical trainer only/)
})

test('error: an image that the seller is asked to answer for, and does not', () => {
  const vouched = { ...terms, vouched: true }
  expect(checkJob(canonical, vouched, own)).toBeUndefined()
  expect(checkJob(image, vouched, own)).toMatch(/which this one takes without/)
  const vouching = { ...own, vouchedImages: [image.environment.image] }
  expect(checkJob(image, vouched, vouching)).toBeUndefined()
  const commanded = { ...image, command: ['--other-bits'] }
  expect(checkJob(commanded, vouched, vouching)).toMatch(
    /with a command of the buyer’s, which this one takes/,
  )
  expect(checkJob(commanded, terms, vouching)).toBeUndefined()
})

test('error: a job that asks to reach more than the seller allows', () => {
  const asking = { ...image, egress: ['a.example:443', 'b.example:80'] }
  expect(checkJob(asking, terms, own)).toBeUndefined()
  expect(checkJob(asking, terms, { ...own, egress: ['b.example:80', 'a.example:443'] })).toBeUndefined()
  const one = { ...own, egress: ['a.example:443'] }
  expect(checkJob(asking, terms, one)).toBe(
    'The job asks to reach b.example:80, which this seller does not allow.',
  )
  expect(checkJob(asking, terms, { ...own, egress: 'none' })).toMatch(/a.example:443, b.example:80/)
  expect(checkJob(image, terms, { ...own, egress: 'none' })).toBeUndefined()
})

test('error: another trainer, and terms that differ from the job', () => {
  expect(checkJob(canonical, terms, { ...own, trainerHash: '0x00' })).toMatch(/asks for trainer/)
  expect(checkJob(image, { ...terms, steps: 1 }, own)).toMatch(/The job says steps 10, the order 1/)
})
