import { ChainError } from '@trainyard/contracts/errors.ts'

/** Why the chain refused what was sent; undefined if it took it. Rejects with whatever is not the chain's word. */
export async function chainRefusal(sending: Promise<unknown>): Promise<ChainError | undefined> {
  try {
    await sending
    return undefined
  } catch (error) {
    if (error instanceof ChainError) return error
    throw error
  }
}
