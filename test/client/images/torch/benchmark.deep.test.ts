import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { id } from 'ethers'
import { afterAll, expect } from 'vitest'
import { createDockerDriver } from '../../../../client/src/drivers/docker/createDockerDriver.ts'
import { createMeasuring } from '../../../../client/src/score/measuring.ts'
import { maxEvidenceBytes, readEvidence } from '../../../../verifier/src/benchmark/evidence.ts'
import { judgeBenchmark } from '../../../../verifier/src/benchmark/judgeBenchmark.ts'
import { machineSeed, precisionSamplesOf, samplesOf } from '../../../../verifier/src/benchmark/samplesOf.ts'
import { fromHex } from '../../../../verifier/src/hash/hex.ts'
import { docker, dockerTest, removeContainers } from '../../../helpers/docker.ts'
import { MEBIBYTE, openFolder } from '../../../helpers/driverRun.ts'
import { torchImage } from '../../../helpers/torchImage.ts'

const SCOPE = `torch-benchmark-${process.pid}`
const limits = { cpus: 2, memoryBytes: 2048 * MEBIBYTE, diskBytes: 512 * MEBIBYTE, pids: 128 }
const folder = openFolder('torch-benchmark')
const seed = machineSeed(id('round'), 9n)
const sampleSeed = id('samples')

afterAll(async () => {
  await removeContainers(SCOPE)
  rmSync(folder, { recursive: true, force: true })
})

dockerTest(
  'default: the PyTorch image measures, fp32 and bf16 included, and an auditor without PyTorch agrees',
  async () => {
    const { imageId: image } = await torchImage()
    const driver = createDockerDriver({ docker, imageId: image, scope: SCOPE })
    const dir = join(folder, 'run')
    const measuring = createMeasuring({ driver, limits, prefix: 'ty-torch-', dir, image, gpus: [] })
    const measured = await measuring.measure({ seed, milliseconds: 4_000 })
    const { size, products, memoryMiB, root, precisions: claims } = measured!
    expect(claims.map(({ precision }) => precision)).toEqual([0, 2])
    const samples = {
      samples: samplesOf(sampleSeed, products),
      precisions: claims.map((claim) => precisionSamplesOf(sampleSeed, claim)),
    }
    const bytes = await measuring.open(samples, maxEvidenceBytes(size, claims.length))
    const evidence = readEvidence(bytes!, size, claims.length)
    const precisions = claims.map((one) => ({ ...one, root: fromHex(one.root) }))
    const claim = { size, products, memoryMiB, root: fromHex(root), precisions }
    expect(judgeBenchmark(seed, claim, sampleSeed, evidence)).toBeUndefined()
    // What bf16 gives is no fp32, and what another machine was asked is not this one's.
    const passedOff = [{ ...precisions[1]!, precision: 0 }, precisions[1]!]
    expect(judgeBenchmark(seed, { ...claim, precisions: passedOff }, sampleSeed, evidence)).toMatch(/^fp32: /)
    expect(judgeBenchmark(machineSeed(seed, 1n), claim, sampleSeed, evidence)).toMatch(
      /not the one of this seed/,
    )
  },
  300_000,
)
