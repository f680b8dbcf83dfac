import { replayOne } from '@trainyard/verifier/bundle/replayOne.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { stateTensors } from '@trainyard/verifier/canonical/checkpoint.ts'
import { toHex } from '@trainyard/verifier/hash/hex.ts'
import { stateRoot } from '@trainyard/verifier/hash/stateRoot.ts'
import { expect, test } from 'vitest'
import { imageBundle, standInReplayer } from '../../helpers/imageBundle.ts'
import { editText, flipByte, tamperBundle } from '../../helpers/tamperBundle.ts'

const TIMEOUT_MS = 60_000
const replayer = standInReplayer()

async function statusesOf(dir: string, status: string, how?: Parameters<typeof verifyBundle>[1]) {
  const { checks } = await verifyBundle(dir, how)
  return checks.filter((check) => check.status === status).map(({ id }) => id)
}

test(
  'default: with a command that runs the image, everything is decided',
  async () => {
    const verdict = await verifyBundle(await imageBundle(), { replayer })
    expect(verdict.checks.filter(({ status }) => status !== 'pass').map(({ id }) => id)).toEqual(['chain'])
    expect(verdict).toMatchObject({ verdict: 'valid', segments: 5, steps: 10 })
    expect(verdict.accuracy).toBeGreaterThanOrEqual(0)
  },
  TIMEOUT_MS,
)

test('behavior: without one, what only the image can tell is undecided, and says what it needs', async () => {
  const { verdict, checks, accuracy } = await verifyBundle(await imageBundle())
  expect({ verdict, accuracy }).toEqual({ verdict: 'undecided', accuracy: null })
  const undecided = checks.filter(({ status }) => status === 'undecided')
  expect(undecided.map(({ id }) => id)).toEqual(['init', 'replay', 'inner', 'metrics'])
  for (const { detail } of undecided) expect(detail).toMatch(/needs Docker, the image, and --replayer/)
})

test('error: what needs no image is found without one', async () => {
  const dir = await imageBundle()
  tamperBundle(dir, {
    'inner/3.json': editText((text) => text.replace(/(\d)\]\]/, (_, digit) => `${9 - digit}]]`)),
  })
  expect(await statusesOf(dir, 'fail')).toEqual(['inner', 'progress'])
  const weights = await imageBundle()
  tamperBundle(weights, { 'checkpoints/4/state.safetensors': (bytes) => flipByte(bytes, -60) })
  expect(await statusesOf(weights, 'fail')).toEqual(['checkpoint'])
  const delivered = await imageBundle()
  tamperBundle(delivered, { 'result/model.safetensors': (bytes) => flipByte(bytes, -1) })
  expect(await statusesOf(delivered, 'fail')).toEqual(['model'])
  const batches = await imageBundle({ leaf: (leaf) => ({ ...leaf, batchRoot: leaf.innerRoot }) })
  expect(await statusesOf(batches, 'fail')).toEqual(['batch'])
})

test(
  'error: one bit of one weight nudged in one segment',
  async () => {
    const dir = await imageBundle({
      replay(segment, replay) {
        if (segment !== 3) return replay
        new Uint32Array(replay.state.params[0]!.buffer)[0]! += 1
        return { ...replay, stateRoot: toHex(stateRoot(stateTensors(replay.state))) }
      },
    })
    expect(await statusesOf(dir, 'fail', { replayer })).toEqual(['replay'])
    expect(replayOne(dir, 3, replayer)).toMatchObject({ segment: 3, fromStep: 4, equal: false })
    expect(replayOne(dir, 4, replayer)).toMatchObject({ segment: 4, fromStep: 8, equal: true })
  },
  TIMEOUT_MS,
)

test(
  'error: weights that were learned before, and metrics that are not the model’s',
  async () => {
    const before = await imageBundle({ initial: (state) => state.params[0]!.fill(0.5) })
    expect(await statusesOf(before, 'fail', { replayer })).toContain('init')
    const better = await imageBundle({}, (text) => text.replace(/"accuracy":[\d.]+/, '"accuracy":1'))
    expect(await statusesOf(better, 'fail')).toEqual([])
    expect(await statusesOf(better, 'fail', { replayer })).toContain('metrics')
  },
  TIMEOUT_MS,
)

test(
  'behavior: a job that refuses its state is the seller’s fault, a container that fails is nobody’s',
  async () => {
    const dir = await imageBundle()
    const refused = await verifyBundle(dir, { replayer: standInReplayer('refuses') })
    expect(refused.verdict).toBe('invalid')
    expect(refused.checks.find(({ id }) => id === 'replay')?.detail).toMatch(
      /segment 0: the job fails there: the state is none of this model/,
    )
    const broken = await verifyBundle(dir, { replayer: standInReplayer('breaks') })
    expect(broken.verdict).toBe('undecided')
    expect(broken.checks.find(({ id }) => id === 'replay')?.detail).toMatch(/no space left on device/)
    const missing = await verifyBundle(dir, { replayer: ['/nonexistent/replayer'] })
    expect(missing.verdict).toBe('undecided')
  },
  TIMEOUT_MS,
)
