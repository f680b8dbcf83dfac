import { ChainError } from '@trainyard/contracts/errors.ts'

/** Sends what anyone may send: that somebody was faster, or that it is too early, changes nothing. Says whether it went. */
export async function attempt(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    if (error instanceof ChainError) return false
    throw error
  }
}
