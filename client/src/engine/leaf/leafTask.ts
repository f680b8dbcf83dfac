import type { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import type { SegmentLeaf } from '@trainyard/verifier/segment.ts'

/** What a leaf claims besides its checkpoint, and the order's own job and data. */
export type LeafClaim = Omit<Parameters<typeof buildLeaf>[0], 'job' | 'data' | 'after'>

/** @property bytes memory that both threads see @property claim without one only the state root is asked for */
export type LeafTask = { id: number; bytes: Uint8Array; claim: LeafClaim | undefined }

export type LeafAnswer = { id: number } & ({ leaf: SegmentLeaf } | { root: Hex } | { error: string })
