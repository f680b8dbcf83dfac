import { z } from 'zod'

/** Amounts are whole wei as decimal text: JSON numbers would round them. Times are seconds since 1970; 0 is never. */
export const wei = z.string().regex(/^\d+$/)
export const id = z.string().regex(/^\d+$/)
export const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
export const hash = z.string().regex(/^0x[0-9a-f]{64}$/)
export const count = z.int().nonnegative()
export const atSeconds = z.int().nonnegative()
