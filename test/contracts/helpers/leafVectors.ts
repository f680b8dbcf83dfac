// Writes test/fixtures/leaf-vectors.json: leaf hashes, window roots and paths as the verifier computes them, to compare
// the contracts' LeafLib with. Run: node test/contracts/helpers/leafVectors.ts
import { writeFileSync } from 'node:fs'
import { getAddress, id, ZeroHash } from 'ethers'
import { packVerdicts } from '../../../contracts/bindings/verdictCommitment.ts'
import { innerRoot } from '../../../verifier/src/hash/innerRoot.ts'
import { innerBits, replaySalt } from '../../../verifier/src/replaySalt.ts'
import type { SegmentLeaf } from '../../../verifier/src/segment.ts'
import { segmentLeafHash, windowPath, windowRoot } from '../../../verifier/src/segment.ts'

const SIZES = [1, 2, 3, 5, 8, 20, 33]

function word(name: string, segment: number): `0x${string}` {
  return id(`${name} ${segment}`) as `0x${string}`
}

function leaf(segment: number): SegmentLeaf {
  return {
    orderId: '77',
    seller: getAddress(word('seller', 0).slice(0, 42)) as `0x${string}`,
    segment,
    firstStep: segment * 32,
    lastStep: segment * 32 + 32,
    stateRootBefore: word('state', segment),
    stateRootAfter: word('state', segment + 1),
    batchRoot: word('batches', segment),
    rngRoot: word('rng', segment),
    inputsRoot: word('inputs', segment),
    innerRoot: word('inner', segment),
    beaconRound: 1_000 + segment,
  }
}

function treeVector(size: number) {
  const leaves = Array.from({ length: size }, (_, segment) => leaf(segment))
  return { size, root: windowRoot(leaves), paths: leaves.map((_, position) => windowPath(leaves, position)) }
}

function innerVector(steps: number) {
  const inner = Array.from({ length: steps }, (_, i) => {
    const bits = word('inner bits', i)
    return [Number(bits.slice(0, 10)), Number(`0x${bits.slice(10, 18)}`)] as const
  })
  const bits = innerBits(inner)
  const auditor = getAddress(word('auditor', 0).slice(0, 42))
  // Passes at positions 0 and 3, another verdict at 5.
  const verdicts = packVerdicts(['pass', 'none', 'none', 'pass', 'none', 'fail'])
  const passed = new Map([0, 3].map((position) => [position, bits]))
  const salt = replaySalt({ orderId: 77n, auditor, verdicts, random: ZeroHash, bits: passed })
  return {
    firstStep: 1_000,
    bits,
    root: `0x${Buffer.from(innerRoot(1_000, inner)).toString('hex')}`,
    auditor,
    salt,
  }
}

const vectors = {
  inner: [1, 2, 3, 7, 32, 256].map(innerVector),
  hashes: Array.from({ length: Math.max(...SIZES) }, (_, segment) => segmentLeafHash(leaf(segment))),
  trees: SIZES.map(treeVector),
}
writeFileSync('test/fixtures/leaf-vectors.json', `${JSON.stringify(vectors, null, 1)}\n`)
