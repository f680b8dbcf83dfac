import { formatEther } from 'ethers'
import { chanceOfMissing, type DrawnWindow, spreadEvenly } from './chanceOfMissing.ts'
import type { YardResult } from './yardResult.ts'

const SHARES = [0.05, 0.1, 0.3] as const

/** The end of a run in words: what was paid to whom, what was audited, where the model is. */
export function summary(result: YardResult, windows: readonly DrawnWindow[]): string[] {
  const { order, audit } = result
  const money = (wei: string) => `${formatEther(wei)} DEV`
  const lines = [
    '',
    `Order ${order.id}: ${order.status} (${order.closeReason}), ${result.seconds.total} s in all, driver ${result.driver}`,
    `  work      ${order.steps} steps in ${order.segments} segments, ${order.windows} windows committed while training`,
    `  audit     ${audit.passed} of ${audit.drawn} drawn segments replayed bit for bit, ${audit.failed} failed`,
    ...audit.failures.map(failureLine),
    `  paid      ${money(order.paidWei)} to the seller (of it ${money(order.protocolFeeWei)} protocol fee, burned), ${money(order.auditorsPaidWei)} to the auditors`,
    `  refunded  ${money(order.refundedWei)} to the buyer, of ${money(order.escrowWei)} escrow and ${money(order.auditFeeWei)} audit fee`,
    ...(order.slashedWei === '0' ? [] : [`  slashed   ${money(order.slashedWei)} of the seller's stake`]),
  ]
  if (result.bundle) {
    const accuracy =
      result.result.accuracy === null ? 'unknown' : `${(result.result.accuracy * 100).toFixed(2)} %`
    lines.push(`  model     ${result.bundle}/result/model.safetensors, accuracy on held-out data ${accuracy}`)
    lines.push(`  verify    npx trainyard-verify verify ${result.bundle}`)
  }
  if (result.cheat) lines.push(...missingLines(windows, audit.drawn))
  return lines
}

function failureLine({ segment, d }: YardResult['audit']['failures'][number]): string {
  if (d === null) return `            segment ${segment} was not served, so it could not be replayed`
  const percent = (100 * d).toFixed(1)
  return `            segment ${segment} is not what training gives: weights and momenta are off by ${percent} % of the segment's true update`
}

function missingLines(windows: readonly DrawnWindow[], drawn: number): string[] {
  const segments = windows.reduce((sum, window) => sum + window.segments, 0)
  const draws = windows.reduce((sum, window) => sum + window.draws, 0)
  const chances = SHARES.map((share) => {
    const faked = Math.round(share * segments)
    const chance = chanceOfMissing(windows, spreadEvenly(windows, faked))
    return `${(share * 100).toFixed(0)} % made up: ${(100 * chance).toFixed(1)} %`
  })
  return [
    `  chance    This cheat was certain to be met: the last segment is always drawn. Others could be missed; chance`,
    `            with ${draws} random draws of ${segments} segments (${drawn} drawn in all): ${chances.join('; ')}`,
  ]
}
