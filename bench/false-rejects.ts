import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { SegmentLeaf } from '@trainyard/verifier/segment.ts'
import { openWorld, type Size, SMALL } from '../test/verifier/redteam/world.ts'
import { digitsFolder } from './lib/digits.ts'
import { type Figure, round } from './lib/figure.ts'
import { runNode, type Setting, trainFolder } from './lib/trainFolder.ts'

const auditor = join(import.meta.dirname, 'lib', 'auditFolder.ts')
const NO_VECTORS = ['avx2', 'avx', 'fma3', 'bmi1', 'bmi2', 'sse4-2', 'sse4-1', 'ssse3', 'sse3'].map(
  (feature) => `--no-enable-${feature}`,
)

/** Ways in which two machines' engines differ, on one machine: compilers, instruction sets, memory, cores. */
const SETTINGS: readonly Setting[] = [
  { name: 'default', flags: [] },
  { name: 'interpreter only', flags: ['--no-opt', '--no-maglev', '--no-sparkplug'] },
  { name: 'baseline compiler only', flags: ['--always-sparkplug', '--no-opt', '--no-maglev'] },
  { name: 'middle compiler only', flags: ['--maglev', '--no-turbofan'] },
  { name: 'no vector instructions', flags: NO_VECTORS },
  { name: 'lazy, one thread', flags: ['--max-lazy', '--single-threaded'] },
  { name: 'memory collected all the time', flags: ['--gc-interval=2000', '--max-semi-space-size=1'] },
  { name: 'first core', flags: [], core: 0 },
  { name: 'last core', flags: [], core: availableParallelism() - 1 },
]

/** Shapes whose remainders differ: batches that divide neither data nor loops, short last windows, one to three layers. */
function sizes(): Size[] {
  const [train, heldOut] = ['train', 'heldOut'].map((name) => {
    return new Uint8Array(readFileSync(join(digitsFolder, `${name}.safetensors`)))
  })
  const files = { train: train!, heldOut: heldOut! }
  return [
    SMALL,
    { ...SMALL, layers: [9, 4], batchSize: 7, segmentsPerWindow: 7, stepsPerSegment: 3 },
    { ...SMALL, layers: [25, 17, 11, 5], batchSize: 13, segmentsPerWindow: 6, stepsPerSegment: 5 },
    { ...SMALL, layers: [256, 64, 10], batchSize: 32, stepsPerSegment: 8, segmentsPerWindow: 16, files },
  ]
}

/** A count of nothing means something only if the same auditor refuses one wrong leaf among these. */
async function requireRefusal(folder: string, setting: Setting): Promise<void> {
  const file = join(folder, 'leaves.json')
  const leaves = JSON.parse(readFileSync(file, 'utf8')) as SegmentLeaf[]
  leaves[3]!.innerRoot = leaves[2]!.innerRoot
  writeFileSync(file, JSON.stringify(leaves))
  const found = JSON.parse(await runNode(setting, auditor, [folder])) as { segment: number }[]
  if (found.length !== 1 || found[0]!.segment !== 3) throw new Error('the auditor does not see a wrong leaf')
}

/**
 * Honest segments that an auditor refuses: each job is trained in a process of its own under one setting and audited
 * segment by segment in another process under the next ones. With none of n refused, the 95 % upper bound of the rate is
 * 1 - 0.05^(1/n).
 */
export async function measure(): Promise<Figure> {
  let segments = 0
  const refused: unknown[] = []
  const pairs: string[] = []
  for (const [i, seller] of SETTINGS.entries()) {
    for (const [j, size] of sizes().entries()) {
      const world = await openWorld(size, 300 + 10 * i + j)
      const folder = await trainFolder(world, seller)
      const other = SETTINGS[(i + j + 1) % SETTINGS.length]!
      const found = JSON.parse(await runNode(other, auditor, [folder])) as unknown[]
      if (i === 0) await requireRefusal(folder, other)
      rmSync(folder, { recursive: true })
      segments += size.segments
      pairs.push(`${seller.name} / ${other.name}`)
      refused.push(...found.map((one) => ({ job: j, seller: seller.name, auditor: other.name, one })))
    }
  }
  const upperBound = 1 - 0.05 ** (1 / segments)
  return {
    figure: 'false-rejects',
    value: refused.length,
    unit: 'honest segments refused',
    reference: 'none',
    ratio: round(refused.length / segments, 6),
    goal: '0 of >= 1,000',
    met: refused.length === 0 && segments >= 1000,
    detail: {
      segments,
      upperBound95: round(upperBound, 6),
      jobs: sizes().length * SETTINGS.length,
      pairs: new Set(pairs).size,
      settings: SETTINGS.map(({ name }) => name),
      refused,
    },
  }
}
