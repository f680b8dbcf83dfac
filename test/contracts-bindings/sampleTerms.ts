import type { OrderTerms } from '@trainyard/contracts/placeOrder.ts'
import { id } from 'ethers'

/** Of an order of eight steps in two windows of two segments, bit for bit. */
export const sampleTerms = (offerId: bigint): OrderTerms => ({
  offerId,
  jobHash: id('job'),
  maxSeconds: 600,
  stepMicros: 1_000_000,
  steps: 8,
  stepsPerSegment: 2,
  segmentsPerWindow: 2,
  draws: 2,
  unauditedShareBps: 5_000,
  mode: 'Bitwise',
  vouched: true,
})
