import type { Order } from '../../server/api/schemas.ts'

/**
 * What extending by some seconds adds to the escrow, wei: the price of the whole new time, rounded up, less what is
 * held (PayLib.priceUp in the contracts).
 */
export const addedEscrowWei = (
  { pricePerHourWei, maxSeconds, escrowWei }: Pick<Order, 'pricePerHourWei' | 'maxSeconds' | 'escrowWei'>,
  extraSeconds: number,
): bigint => {
  const total = (BigInt(pricePerHourWei) * BigInt(maxSeconds + extraSeconds) + 3_599n) / 3_600n
  return total - BigInt(escrowWei)
}
