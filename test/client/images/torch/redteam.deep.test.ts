import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { scalarsBytes } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { readSafetensors, writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import type { Tensor } from '@trainyard/verifier/canonical/tensor.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'
import type { ImageOutput } from '@trainyard/verifier/image/replayFolder.ts'
import { runImage } from '@trainyard/verifier/image/runImage.ts'
import type { ImageJob } from '@trainyard/verifier/job.ts'
import { readImageState } from '@trainyard/verifier/jobState.ts'
import { auditSegment } from '@trainyard/verifier/watch/auditSegment.ts'
import { createStretchRunner } from '@trainyard/verifier/watch/createStretchRunner.ts'
import { openRerun } from '@trainyard/verifier/watch/rerun.ts'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { HELPER_DIR } from '../../../../client/src/images/torch/buildTorchImage.ts'
import { chargptData } from '../../../../yard/src/sample/chargptData.ts'
import { chargptJob } from '../../../../yard/src/sample/chargptJob.ts'
import { dockerMissing, dockerTest } from '../../../helpers/docker.ts'
import { nodePath, openFolder } from '../../../helpers/driverRun.ts'
import { torchImage } from '../../../helpers/torchImage.ts'

const TIMEOUT_MS = 600_000
const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const files = chargptData()
const train = readDataSet(files.train)
const replayer = [
  nodePath,
  join(HELPER_DIR, '..', '..', 'src', 'images', 'torch', 'cli.ts'),
  'replay',
] as const
const folder = openFolder('torch-redteam')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The faked segment: steps 9 to 12 of 16, in the second window. */
const SEGMENT = 2
const [FROM, TO] = [8, 12]

/** What a seller shows of the segment. */
type Claim = { before: Uint8Array; after: Uint8Array; inner: readonly InnerStep[] }
type Changes = { job?: Partial<ImageJob>; seeds?: readonly string[]; train?: Uint8Array }
type World = {
  honest: ImageOutput
  /** runs the image on something else than the job */
  cheat: (changes: Changes, from: number, to: number, before?: Uint8Array) => Promise<ImageOutput>
}

const honestClaim = ({ honest }: World): Claim => ({
  before: honest.checkpoints.get(FROM)!,
  after: honest.checkpoints.get(TO)!,
  inner: honest.inner.slice(FROM, TO),
})

/** The honest claim with another end, its tensors one by one made of those before and after the segment. */
function reshaped(world: World, make: (after: Tensor, before: Tensor) => Tensor): Claim {
  const claim = honestClaim(world)
  const before = new Map(readSafetensors(claim.before).map((tensor) => [tensor.name, tensor]))
  const tensors = readSafetensors(claim.after).map((after) => make(after, before.get(after.name)!))
  return { ...claim, after: writeSafetensors(tensors) }
}

/** As reshaped, number by number; counters stay. */
const floats = (world: World, make: (after: number, before: number, i: number) => number): Claim =>
  reshaped(world, (after, before) => {
    if (after.dtype !== 'F32') return after
    const [now, then] = [after, before].map(({ bytes }) => new Float32Array(Uint8Array.from(bytes).buffer))
    return { ...after, bytes: new Uint8Array(now!.map((value, i) => make(value, then![i]!, i)).buffer) }
  })

async function trainedOn(world: World, changes: Changes): Promise<Claim> {
  const claim = honestClaim(world)
  const output = await world.cheat(changes, FROM, TO, claim.before)
  return { ...claim, after: output.checkpoints.get(TO)!, inner: output.inner }
}

/** The data file with every row or label made from the old one. */
function otherData(labelOf: (i: number) => number, rowOf: (i: number) => number): Uint8Array {
  const { images, labels, samples, pixels } = train
  const rows = new Uint8Array(images.length)
  for (let i = 0; i < samples; i++) {
    const from = rowOf(i) * pixels
    rows.set(images.subarray(from, from + pixels), i * pixels)
  }
  return writeSafetensors([
    { name: 'images', dtype: 'U8', shape: [samples, pixels], bytes: rows },
    { name: 'labels', dtype: 'U8', shape: [samples], bytes: labels.map((_, i) => labelOf(i)) },
  ])
}

const bf16 = (value: number) => {
  const word = new DataView(new ArrayBuffer(4))
  word.setFloat32(0, value)
  word.setUint32(0, (word.getUint32(0) + 0x8000) & 0xffff0000)
  return word.getFloat32(0)
}
const half = (i: number) => i % Math.floor(train.samples / 2)

const ATTACKS: { name: string; claim: (world: World) => Claim | Promise<Claim> }[] = [
  {
    name: 'learning rate 1 % off, throughout',
    async claim({ cheat }) {
      const { learningRate, ...others } = chargptJob({
        image: '',
        trainCid: cid,
        heldOutCid: cid,
      }).hyperparameters
      const hyperparameters = { ...others, learningRate: 1.01 * Number(learningRate) }
      const { checkpoints, inner } = await cheat({ job: { hyperparameters } }, 0, TO)
      return { before: checkpoints.get(FROM)!, after: checkpoints.get(TO)!, inner: inner.slice(FROM) }
    },
  },
  {
    name: 'another order of the data, or a precomputed window',
    claim: (world) => trainedOn(world, { seeds: ['77', '88', '99'].map(seedOf) }),
  },
  {
    name: 'subset of the data',
    claim: (world) => trainedOn(world, { train: otherData((i) => train.labels[half(i)]!, half) }),
  },
  {
    name: 'poisoned segment',
    claim: (world) =>
      trainedOn(world, {
        train: otherData(
          () => 88,
          (i) => i,
        ),
      }),
  },
  {
    name: 'skipped steps',
    async claim(world) {
      const claim = honestClaim(world)
      const output = await world.cheat({ job: { stepsPerSegment: 2 } }, FROM, FROM + 2, claim.before)
      const counters = { step: TO, epoch: 0, cursor: TO * 16 }
      const tensors = readSafetensors(output.checkpoints.get(FROM + 2)!).map((tensor) =>
        tensor.name === 'scalars'
          ? { ...tensor, shape: [scalarsBytes(counters).length], bytes: scalarsBytes(counters) }
          : tensor,
      )
      const inner = [...output.inner, ...output.inner]
      return { ...claim, after: writeSafetensors(tensors), inner }
    },
  },
  {
    name: 'last layer only',
    claim: (world) => reshaped(world, (after, before) => (/head$|scalars/.test(after.name) ? after : before)),
  },
  { name: 'interpolation', claim: (world) => floats(world, (after, before) => (after + before) / 2) },
  {
    name: 'infinitesimal updates',
    claim: (world) => floats(world, (after, before) => before + 1e-4 * (after - before)),
  },
  { name: 'bf16 weights', claim: (world) => floats(world, (after) => bf16(after)) },
  {
    name: 'made-up state',
    claim: (world) => floats(world, (after, before, i) => after + (after - before) * Math.sin(i)),
  },
  {
    name: 'one bit of one weight',
    claim(world) {
      const claim = honestClaim(world)
      const after = Uint8Array.from(claim.after)
      after[100_000]! ^= 1
      return { ...claim, after }
    },
  },
  {
    name: 'a loss that is one bit better',
    claim(world) {
      const claim = honestClaim(world)
      return {
        ...claim,
        inner: claim.inner.map(([loss, norm], i) => (i === 1 ? [loss - 1, norm] : [loss, norm]) as InnerStep),
      }
    },
  },
]

function seedOf(digits: string): string {
  return `0x${digits.repeat(32)}`
}

describe.each(['11', '5e'])('job seed %s', (digits) => {
  let world: World
  let audit: (claim: Claim) => Promise<{ verdict: string; reason?: string | undefined }>
  beforeAll(async () => {
    if (dockerMissing) return
    const image = (await torchImage()).imageId
    const small = {
      steps: 16,
      stepsPerSegment: 4,
      segmentsPerWindow: 2,
      seed: seedOf(digits) as `0x${string}`,
    }
    const job = { ...chargptJob({ image, trainCid: cid, heldOutCid: cid }), ...small }
    const seeds = ['21', '43', '65'].map(seedOf)
    const limits = { parent: folder, timeoutMs: TIMEOUT_MS }
    const cheat: World['cheat'] = (changes, fromStep, toStep, before) =>
      runImage(
        replayer,
        {
          ...{ ...files, before: before ?? null, fromStep, toStep },
          job: { ...job, ...changes.job },
          seeds: changes.seeds ?? seeds,
          train: changes.train ?? files.train,
        },
        limits,
      )
    world = { honest: await cheat({}, 0, TO), cheat }
    const runStretch = createStretchRunner({
      replayer,
      parent: folder,
      runs: new Map(),
      giveUpAtMs: Date.now() + TIMEOUT_MS * 2,
    })
    const rerun = openRerun({ job, data: train, seeds, files }, runStretch)
    audit = async ({ before, after, inner }) => {
      const leaf = buildLeaf({
        ...{ job, data: train, seeds, orderId: '1', seller: `0x${'aa'.repeat(20)}`, segment: SEGMENT },
        ...{ stateRootBefore: checkpointRoot(before), after, inner, beaconRound: 3 },
      })
      const { report } = await auditSegment({
        rerun,
        leaf,
        before: { kind: 'state', state: readImageState(before) },
      })
      return report
    }
  }, TIMEOUT_MS)

  dockerTest(
    'default: the honest segment passes',
    async () => {
      expect(await audit(honestClaim(world))).toMatchObject({ verdict: 'pass' })
    },
    TIMEOUT_MS,
  )

  for (const { name, claim } of ATTACKS) {
    dockerTest(
      `error: ${name}`,
      async () => {
        const { verdict, reason } = await audit(await claim(world))
        expect(verdict).toBe('fail')
        expect(reason).toMatch(/^the replay differs in /)
      },
      TIMEOUT_MS,
    )
  }
})
