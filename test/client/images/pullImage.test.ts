import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { type PullLimits, pullImage } from '../../../client/src/images/pullImage.ts'
import type { PullProgress } from '../../../client/src/images/pullMeter.ts'
import { docker, dockerTest } from '../../helpers/docker.ts'
import { MEBIBYTE } from '../../helpers/driverRun.ts'
import { layerOf, StandInRegistry } from './standInRegistry.ts'

const registry = new StandInRegistry()
const ROOMY = { downloadBytes: 64 * MEBIBYTE, unpackedBytes: 128 * MEBIBYTE }
const pulled: string[] = []

beforeAll(() => registry.start())
afterAll(() => registry[Symbol.asyncDispose]())
afterEach(async () => {
  registry.pieceDelayMs = 0
  for (const reference of pulled.splice(0))
    await docker
      .getImage(reference)
      .remove()
      .catch(() => undefined)
})

async function pull(reference: string, limits: PullLimits = ROOMY, stop = new AbortController()) {
  pulled.push(reference)
  const steps: PullProgress[] = []
  const onProgress = (step: PullProgress) => steps.push(step)
  const imageId = await pullImage({ docker, reference, limits, onProgress, signal: stop.signal })
  return { imageId, steps }
}

const isThere = (reference: string) =>
  docker
    .getImage(reference)
    .inspect()
    .then(() => true)
    .catch(() => false)

const random = (mebibytes: number) => layerOf('data', randomBytes(mebibytes * MEBIBYTE))

describe('pullImage', () => {
  dockerTest('default: an image comes by its digest, with progress', async () => {
    const reference = registry.add([random(6), random(2)])
    registry.pieceDelayMs = 20
    const { imageId, steps } = await pull(reference)
    expect((await docker.getImage(reference).inspect()).Id).toBe(imageId)
    const last = steps.at(-1)
    expect(last).toMatchObject({ layers: 2, doneLayers: 2 })
    expect(last?.downloadedBytes).toBeGreaterThan(8 * MEBIBYTE)
    expect(last?.downloadedBytes).toBe(last?.totalBytes)
    expect(new Set(steps.map(({ downloadedBytes }) => downloadedBytes)).size).toBeGreaterThan(3)
  })

  dockerTest('behavior: an image that the engine has is not asked for again', async () => {
    const reference = registry.add([random(1)])
    const { imageId } = await pull(reference)
    const sent = registry.blobBytesSent
    expect((await pull(reference)).imageId).toBe(imageId)
    expect(registry.blobBytesSent).toBe(sent)
  })

  dockerTest('error: one with too much to download is given up on the way', async () => {
    const reference = registry.add([random(24)])
    registry.pieceDelayMs = 20
    const sent = registry.blobBytesSent
    await expect(pull(reference, { ...ROOMY, downloadBytes: 4 * MEBIBYTE })).rejects.toThrow(/to download/)
    expect(await isThere(reference)).toBe(false)
    expect(registry.blobBytesSent - sent).toBeLessThan(24 * MEBIBYTE)
  })

  dockerTest('error: one that unpacks to more than it may is not kept', async () => {
    const bomb = layerOf('zeros', Buffer.alloc(192 * MEBIBYTE))
    expect(bomb.blob.length).toBeLessThan(2 * MEBIBYTE)
    const reference = registry.add([bomb])
    await expect(pull(reference, { ...ROOMY, unpackedBytes: 16 * MEBIBYTE })).rejects.toThrow(/on the disk/)
    expect(await isThere(reference)).toBe(false)
  })

  dockerTest('error: a pull that is stopped ends at once and leaves nothing', async () => {
    const reference = registry.add([random(24)])
    registry.pieceDelayMs = 50
    const stop = new AbortController()
    const pulling = pull(reference, ROOMY, stop)
    setTimeout(() => stop.abort(), 300)
    await expect(pulling).rejects.toThrow(/stopped/)
    expect(await isThere(reference)).toBe(false)
  })

  dockerTest('error: bytes that are not what the digest says are refused', async () => {
    const layer = random(1)
    const reference = registry.add([layer])
    registry.corrupt(layer)
    await expect(pull(reference)).rejects.toThrow(/not loaded/)
    expect(await isThere(reference)).toBe(false)
  })

  dockerTest('error: an image for another kind of machine is not kept', async () => {
    const reference = registry.add([random(1)], 's390x')
    await expect(pull(reference)).rejects.toThrow(/s390x|platform/)
    expect(await isThere(reference)).toBe(false)
  })

  dockerTest('error: a digest that the registry does not know', async () => {
    const reference = registry.add([random(1)]).replace(/.{8}$/, '00000000')
    await expect(pull(reference)).rejects.toThrow(/manifest unknown/)
  })

  dockerTest('error: a tag, or no registry, is refused before anything is asked', async () => {
    await expect(pull('127.0.0.1:1/jobs/one:latest')).rejects.toThrow(/by digest/)
    await expect(pull(`127.0.0.1:1/jobs/one@sha256:${'0'.repeat(64)}`)).rejects.toThrow(/refused/)
  })
})
