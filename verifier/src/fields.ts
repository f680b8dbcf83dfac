import { isAddress } from 'ethers'
import { z } from 'zod'
import type { Hex } from './hash/hex.ts'

/** 32 bytes of lower-case hex. */
export const bytes32 = z.custom<Hex>(
  (value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value),
  'must be 0x and 64 lower-case hex digits',
)

/** EVM address; if its case is mixed, its checksum (EIP-55) must be right. */
export const address = z.custom<Hex>(
  (value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value) && isAddress(value),
  'must be an address: 0x and 40 hex digits',
)

/** CIDv1 in base32, as IPFS writes it. */
export const cid = z.string().regex(/^b[a-z2-7]{20,120}$/, 'must be a CIDv1 in base32')

/** uint256 in decimal. */
export const uintText = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, 'must be a decimal number')
  .refine((text) => !/^\d{1,78}$/.test(text) || BigInt(text) < 2n ** 256n, 'must fit 256 bits')

/** A whole number between two bounds. */
export function whole(min: number, max: number): z.ZodNumber {
  return z.number().int().min(min).max(max)
}
