/** Proves to the compiler that a union was handled in full; throws if data from outside broke that. */
export function assertUnreachable(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`)
}
