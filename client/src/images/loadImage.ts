import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type Docker from 'dockerode'
import { type Pack, pack } from 'tar-stream'
import { engineCall, refusalOf } from '../drivers/docker/engineCall.ts'
import { ImageNotLoaded } from '../drivers/driverErrors.ts'
import { digestLayer } from './digestLayer.ts'
import { imageConfig, type Launch } from './imageConfig.ts'
import type { LayerEntry } from './layerEntries.ts'
import { loadArchive } from './loadArchive.ts'
import { writeLayer } from './writeLayer.ts'

export type LoadedImage = {
  /** What the engine calls the image; run it by this Id. */
  imageId: string
  /** sha256 of the one layer; equal wherever its files are. */
  layerDigest: string
  /** Size of the layer. */
  bytes: number
  /** False when the engine had it already. */
  loaded: boolean
}

/**
 * Loads an image of one layer unless the engine has it. Deterministic: the same entries and launch give the same Id.
 * @param tagOf names the image, given the first digits of its Id; a tag keeps `docker image prune` away
 * Errors: ImageNotLoaded, EngineUnreachable.
 */
export async function loadImage(
  docker: Docker,
  entries: LayerEntry[],
  launch: Launch,
  tagOf: (id: string) => string,
): Promise<LoadedImage> {
  const layer = await digestLayer(entries)
  const config = imageConfig(layer.sha256, launch)
  const layerDigest = `sha256:${layer.sha256}`
  const tag = tagOf(config.sha256.slice(0, 12))
  const known = await findImage(docker, tag, `sha256:${config.sha256}`, layerDigest)
  if (!known) await loadArchive(docker, writeArchive(entries, layer, config, tag))
  const imageId = known ?? (await findImage(docker, tag, `sha256:${config.sha256}`, layerDigest))
  if (!imageId)
    throw new ImageNotLoaded('the engine does not have it after loading', 'Look at the Docker daemon log.')
  return { imageId, layerDigest, bytes: layer.bytes, loaded: !known }
}

/**
 * The engine's Id of the image. Engines with the containerd image store report another digest than the
 * config's, so the image is also looked up by tag; its layer decides either way.
 */
async function findImage(
  docker: Docker,
  tag: string,
  id: string,
  layerDigest: string,
): Promise<string | undefined> {
  for (const name of [id, tag]) {
    try {
      const image = docker.getImage(name)
      const info = await engineCall('inspect the image', () => image.inspect())
      const layers = info.RootFS.Layers ?? []
      if (layers.length === 1 && layers[0] === layerDigest) return info.Id
    } catch (error) {
      if (refusalOf(error) !== 404) throw error
    }
  }
  return undefined
}

/** The archive that `docker load` takes: config, layer.tar and a manifest that names them. */
function writeArchive(
  entries: LayerEntry[],
  layer: { sha256: string; bytes: number },
  config: { json: string; sha256: string },
  tag: string,
): Readable {
  const archive = pack()
  const layerName = `${layer.sha256}/layer.tar`
  const manifest = [{ Config: `${config.sha256}.json`, RepoTags: [tag], Layers: [layerName] }]
  const fill = async (into: Pack) => {
    into.entry({ name: `${config.sha256}.json` }, config.json)
    await pipeline(writeLayer(entries), into.entry({ name: layerName, size: layer.bytes }))
    into.entry({ name: 'manifest.json' }, JSON.stringify(manifest))
    into.finalize()
  }
  fill(archive).catch((error: unknown) =>
    archive.destroy(error instanceof Error ? error : new Error(String(error))),
  )
  return Readable.from(archive, { objectMode: false })
}
