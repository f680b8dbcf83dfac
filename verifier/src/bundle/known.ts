import { Blocked, Undecidable } from './blocked.ts'
import { isInputError } from './read.ts'

/** Null where a check has already said why it cannot be known. */
export function known<T>(get: () => T): T | null {
  try {
    return get()
  } catch (error) {
    if (error instanceof Blocked || error instanceof Undecidable || isInputError(error)) return null
    throw error
  }
}
