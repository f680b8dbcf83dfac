import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { fetchImage } from '../../../client/src/drivers/docker/fetchImage.ts'
import { docker, dockerTest } from '../../helpers/docker.ts'
import { layerOf, StandInRegistry } from './standInRegistry.ts'

const registry = new StandInRegistry()
const pulled: string[] = []
beforeAll(() => registry.start())
afterAll(async () => {
  for (const reference of pulled) {
    await docker
      .getImage(reference)
      .remove()
      .catch(() => undefined)
  }
  await registry[Symbol.asyncDispose]()
})

function addImage(): string {
  const reference = registry.add([layerOf('data', randomBytes(4096))])
  pulled.push(reference)
  return reference
}
const idOf = async (reference: string) => (await docker.getImage(reference).inspect()).Id
const fetched = async (imageId: string, source: string | undefined) => {
  const told: string[] = []
  const onProgress = (message: string) => told.push(message)
  await fetchImage(docker, { imageId, source, onProgress }, AbortSignal.timeout(30_000))
  return told
}
const UNKNOWN = `sha256:${'ab'.repeat(32)}`

describe('fetchImage', () => {
  dockerTest('default: pulled from its source, and not again once it is there', async () => {
    const source = addImage()
    await expect(fetched(UNKNOWN, source)).rejects.toThrow(/not sha256:abab/)
    await expect(idOf(source)).rejects.toThrow() // what came under another Id is gone
    const imageId = registry.idOf(source)
    expect(await fetched(imageId, source)).toEqual([`Pulling ${source}.`, 'The image is there.'])
    expect(await idOf(source)).toBe(imageId)
    expect(await fetched(imageId, undefined)).toEqual([])
  })

  dockerTest('error: an image without a source must be there', async () => {
    await expect(fetched(UNKNOWN, undefined)).rejects.toMatchObject({ name: 'ImageNotLoaded' })
  })
})
