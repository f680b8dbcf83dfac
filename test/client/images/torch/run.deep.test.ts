import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { type ImageOutput, readReplay } from '@trainyard/verifier/image/replayFolder.ts'
import { runImage } from '@trainyard/verifier/image/runImage.ts'
import { readImageState } from '@trainyard/verifier/jobState.ts'
import { auditSegment } from '@trainyard/verifier/watch/auditSegment.ts'
import { openRerun } from '@trainyard/verifier/watch/rerun.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { createDockerDriver } from '../../../../client/src/drivers/docker/createDockerDriver.ts'
import { digestLayer } from '../../../../client/src/images/digestLayer.ts'
import { HELPER_DIR } from '../../../../client/src/images/torch/buildTorchImage.ts'
import { compileModules } from '../../../../client/src/images/torch/compileModules.ts'
import { extractPackages } from '../../../../client/src/images/torch/extractPackages.ts'
import { fetchPackages } from '../../../../client/src/images/torch/fetchPackages.ts'
import { replayJob } from '../../../../client/src/images/torch/replayJob.ts'
import { torchEntries } from '../../../../client/src/images/torch/torchEntries.ts'
import { chargptData } from '../../../../yard/src/sample/chargptData.ts'
import { chargptJob } from '../../../../yard/src/sample/chargptJob.ts'
import { docker, dockerMissing, dockerTest, removeContainers } from '../../../helpers/docker.ts'
import { MEBIBYTE, nodePath, openFolder } from '../../../helpers/driverRun.ts'
import { torchImage } from '../../../helpers/torchImage.ts'

const TIMEOUT_MS = 600_000
const SCOPE = `torch-test-${process.pid}`
const limits = { cpus: 2, memoryBytes: 2048 * MEBIBYTE, diskBytes: 512 * MEBIBYTE, pids: 128 }
const seeds = ['11', '22', '33'].map((digits) => `0x${digits.repeat(32)}`)
const data = chargptData()
const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const small = { steps: 24, stepsPerSegment: 4, segmentsPerWindow: 2 }

const folder = openFolder('torch-image')
const driver = createDockerDriver({ docker, imageId: '', scope: SCOPE })
let job = { ...chargptJob({ image: `sha256:${'0'.repeat(64)}`, trainCid: cid, heldOutCid: cid }), ...small }
/** the whole run, uninterrupted */
let whole: ImageOutput

/** A job folder that begins at a checkpoint, if one is given. */
function jobFolder(name: string, before?: Uint8Array, spec = job): string {
  const dir = join(folder, name)
  mkdirSync(join(dir, 'data'), { recursive: true })
  mkdirSync(join(dir, 'in', 'windows'), { recursive: true })
  writeFileSync(join(dir, 'spec.json'), JSON.stringify(spec))
  writeFileSync(join(dir, 'data', 'train.safetensors'), data.train)
  writeFileSync(join(dir, 'data', 'heldOut.safetensors'), data.heldOut)
  seeds.forEach((seed, window) => {
    writeFileSync(join(dir, 'in', 'windows', `${window}.json`), JSON.stringify({ seed }))
  })
  if (before) {
    mkdirSync(join(dir, 'in', 'checkpoint'))
    writeFileSync(join(dir, 'in', 'checkpoint', 'state.safetensors'), before)
  }
  return dir
}

async function run(name: string, fromStep: number, toStep: number, before?: Uint8Array, spec = job) {
  const outDir = join(folder, `${name}-out`, 'collected')
  const stretch = { jobDir: jobFolder(name, before, spec), outDir, fromStep, toStep }
  const end = await replayJob(driver, stretch, limits, AbortSignal.timeout(TIMEOUT_MS))
  const read = () =>
    readReplay({ job: spec, ...data, seeds, before: null, fromStep, toStep }, join(folder, `${name}-out`))
  return { end, read }
}

type Claim = { before: Uint8Array; after: Uint8Array; inner: ImageOutput['inner'] }

/** What a seller commits of a segment. */
const leafFor = (ordered: typeof job, segment: number, { before, after, inner }: Claim) =>
  buildLeaf({
    ...{ job: ordered, data: readDataSet(data.train), seeds, orderId: '1', seller: `0x${'aa'.repeat(20)}` },
    ...{ segment, stateRootBefore: checkpointRoot(before), after, inner, beaconRound: 3 },
  })

const auditFrom = (ordered: typeof job, leaf: ReturnType<typeof leafFor>, before: Uint8Array) => {
  const entry = join(HELPER_DIR, '..', '..', 'src', 'images', 'torch', 'cli.ts')
  const rerun = openRerun({ job: ordered, data: readDataSet(data.train), seeds, files: data }, (stretch) =>
    runImage([nodePath, entry, 'replay'], stretch, { parent: folder, timeoutMs: TIMEOUT_MS }),
  )
  return auditSegment({ rerun, leaf, before: { kind: 'state', state: readImageState(before) } })
}

beforeAll(async () => {
  if (dockerMissing) return
  job = { ...job, environment: { profile: 'image', image: (await torchImage()).imageId } }
  const { end, read } = await run('whole', 0, job.steps)
  expect(end).toEqual({ exitCode: 0, lastWords: '' })
  whole = read()
}, TIMEOUT_MS)
afterAll(async () => {
  await removeContainers(SCOPE)
  rmSync(folder, { recursive: true, force: true })
})

dockerTest('default: a run leaves a state for each segment, bits for each step, and metrics', async () => {
  expect([...whole.checkpoints.keys()]).toEqual([0, 4, 8, 12, 16, 20, 24])
  expect(whole.inner).toHaveLength(24)
  expect(readImageState(whole.checkpoints.get(24)!)).toMatchObject({ step: 24, epoch: 0, cursor: 24 * 16 })
  expect(JSON.parse(Buffer.from(whole.metrics!).toString())).toMatchObject({ total: 22_912 })
})

dockerTest(
  'behavior: a run that is resumed, and a replay of a middle segment, give the same bits',
  async () => {
    const resumed = (await run('resumed', 8, 24, whole.checkpoints.get(8))).read()
    for (const [step, bytes] of resumed.checkpoints) {
      expect(Buffer.compare(bytes, whole.checkpoints.get(step)!), `checkpoint ${step}`).toBe(0)
    }
    expect(resumed.inner).toEqual(whole.inner.slice(8))
    expect(resumed.metrics).toEqual(whole.metrics)
    const middle = (await run('middle', 12, 16, whole.checkpoints.get(12))).read()
    expect(Buffer.compare(middle.checkpoints.get(16)!, whole.checkpoints.get(16)!)).toBe(0)
    expect(middle.inner).toEqual(whole.inner.slice(12, 16))
  },
  TIMEOUT_MS,
)

dockerTest(
  'behavior: told to stop, it leaves a checkpoint and exits with 75; what follows has the same bits',
  async () => {
    const jobDir = jobFolder('stopped')
    rmSync(join(jobDir, 'in', 'windows', '1.json')) // it waits there, so that it is still running
    const spec = { orderId: '1', runId: 'stopped', jobDir, fromStep: 0, toStep: 24, limits }
    await driver.start({ ...spec, image: job.environment.image })
    const reached = join(jobDir, 'out', 'checkpoints', '8', 'state.safetensors')
    const readable = () => {
      try {
        return readFileSync(reached)
      } catch {
        return undefined
      }
    }
    while (!readable()) await sleep(50)
    await driver.stop('stopped', 30_000)
    const state = await driver.wait('stopped', AbortSignal.timeout(60_000))
    expect(state).toMatchObject({ kind: 'exited', exitCode: 75 })
    expect(Buffer.compare(readable()!, whole.checkpoints.get(8)!)).toBe(0)
    await driver.remove('stopped')
    const rest = (await run('rest', 8, 12, readable())).read()
    expect(Buffer.compare(rest.checkpoints.get(12)!, whole.checkpoints.get(12)!)).toBe(0)
  },
  TIMEOUT_MS,
)

dockerTest(
  'error: a state of another model, or of another step, is refused as the job’s fault',
  async () => {
    const { tensors } = readImageState(whole.checkpoints.get(8)!)
    const { writeSafetensors } = await import('@trainyard/verifier/canonical/safetensors.ts')
    const short = writeSafetensors(tensors.filter(({ name }) => name !== 'head'))
    expect((await run('short', 8, 12, short)).end).toMatchObject({
      exitCode: 65,
      lastWords: "JobInvalid: the checkpoint is no state of this job's model",
    })
    expect((await run('late', 4, 8, whole.checkpoints.get(8))).end.exitCode).toBe(65)
  },
  TIMEOUT_MS,
)

dockerTest(
  'behavior: an auditor passes the honest segment, and fails one with a single bit changed',
  async () => {
    const [before, after] = [whole.checkpoints.get(8)!, whole.checkpoints.get(12)!]
    const leafOf = (end: Uint8Array) =>
      leafFor(job, 2, { before, after: end, inner: whole.inner.slice(8, 12) })
    const nudged = Uint8Array.from(after)
    nudged[100_000]! ^= 1 // one bit of one weight
    const audit = (leaf: ReturnType<typeof leafOf>) => auditFrom(job, leaf, before)
    const honest = await audit(leafOf(after))
    expect(honest.report).toMatchObject({ segment: 2, verdict: 'pass' })
    const forged = await audit(leafOf(nudged))
    expect(forged.report).toMatchObject({
      verdict: 'fail',
      reason: 'the replay differs in the state after it',
    })
    // Batches of another seed, as a seller would claim who trained on data of its choice.
    const otherSeed = { ...leafOf(after), batchRoot: `0x${'12'.repeat(32)}` as const }
    expect((await audit(otherSeed)).report.reason).toBe('the replay differs in the batches')
  },
  TIMEOUT_MS,
)

dockerTest(
  'behavior: what another order learnt is kept as it is, trained further, and passed by an auditor',
  async () => {
    const learnt = whole.checkpoints.get(24)!
    const further = { ...job, resumeFrom: { cid } }
    const begun = (await run('further', 0, 8, learnt, further)).read()
    expect(Buffer.compare(begun.checkpoints.get(0)!, learnt)).toBe(0)
    expect(readImageState(begun.checkpoints.get(8)!)).toMatchObject({ step: 8, epoch: 0, cursor: 8 * 16 })
    const firstLoss = ({ inner }: ImageOutput) => new Float32Array(Uint32Array.of(inner[0]![0]).buffer)[0]!
    expect(firstLoss(begun)).toBeLessThan(firstLoss(whole))
    const inner = begun.inner.slice(0, 4)
    const leaf = leafFor(further, 0, { before: learnt, after: begun.checkpoints.get(4)!, inner })
    expect((await auditFrom(further, leaf, learnt)).report).toMatchObject({ segment: 0, verdict: 'pass' })
    // A seller who begins with weights of its own, and says that it began with those that were proved.
    const own = { before: learnt, after: whole.checkpoints.get(4)!, inner: whole.inner.slice(0, 4) }
    expect((await auditFrom(further, leafFor(further, 0, own), learnt)).report.verdict).toBe('fail')
  },
  TIMEOUT_MS,
)

dockerTest(
  'behavior: the same packages give the same layer, whenever they are unpacked',
  async () => {
    const work = join(folder, 'build')
    mkdirSync(work)
    const packages = await fetchPackages(work)
    await extractPackages(packages, join(work, 'root'))
    await compileModules(join(work, 'root'))
    const helper = join(work, 'helper')
    cpSync(HELPER_DIR, helper, { recursive: true })
    const again = await digestLayer(await torchEntries(join(work, 'root'), helper))
    expect(`sha256:${again.sha256}`).toBe((await torchImage()).layerDigest)
  },
  TIMEOUT_MS,
)
