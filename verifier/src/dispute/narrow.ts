import type { Narrowing } from '@trainyard/contracts/answer.ts'
import type { Hex } from '../hash/hex.ts'
import { pathOf } from '../hash/keccakTree.ts'

const ZERO = `0x${'0'.repeat(64)}`

/**
 * The first step on which two lists of step roots differ, with its place in the challenger's (docs/formats.md 1). Undefined
 * where they do not, or are not as long.
 */
export function narrow(roots: readonly string[], challengerRoots: readonly string[]): Narrowing | undefined {
  const first = roots.findIndex((root, step) => root !== challengerRoots[step])
  if (first === -1 || roots.length !== challengerRoots.length) return undefined
  const theirs = challengerRoots as readonly Hex[]
  return {
    step: first + 1,
    preRoot: first === 0 ? ZERO : theirs[first - 1]!,
    sellerRoot: roots[first]!,
    challengerRoot: theirs[first]!,
    prePath: first === 0 ? [] : pathOf(theirs, first - 1),
    path: pathOf(theirs, first),
  }
}
