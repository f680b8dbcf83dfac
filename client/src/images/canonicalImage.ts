import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type Docker from 'dockerode'
import { type Pack, pack } from 'tar-stream'
import { engineCall, refusalOf } from '../drivers/docker/engineCall.ts'
import { ImageNotLoaded } from '../drivers/driverErrors.ts'
import { digestLayer } from './digestLayer.ts'
import { imageConfig } from './imageConfig.ts'
import { type LayerEntry, layerEntries } from './layerEntries.ts'
import { loadArchive } from './loadArchive.ts'
import { writeLayer } from './writeLayer.ts'

export type CanonicalImage = {
  /** What the engine calls the image; run it by this Id. */
  imageId: string
  /** sha256 of the one layer; equal wherever node, its libraries and the trainer are. */
  layerDigest: string
  /** Size of the layer. */
  bytes: number
  ms: number
  /** False when the engine had it already. */
  loaded: boolean
}

/**
 * Makes the canonical trainer's image out of this machine's files and loads it: node, the libraries that it
 * needs, the trainer, the mount points, and nothing else (no shell, no package manager, no registry).
 * Deterministic: the same files give the same Id. Errors: ImageNotLoaded, EngineUnreachable.
 */
export async function buildCanonicalImage(options: {
  docker: Docker
  nodePath: string
  trainerDir: string
}): Promise<CanonicalImage> {
  const { docker, nodePath, trainerDir } = options
  const startedAt = performance.now()
  const entries = await layerEntries(nodePath, trainerDir)
  const layer = await digestLayer(entries)
  const config = imageConfig(layer.sha256)
  const layerDigest = `sha256:${layer.sha256}`
  // A tag keeps `docker image prune` away; nothing is ever run by it.
  const tag = `trainyard-canonical:${config.sha256.slice(0, 12)}`
  const known = await findImage(docker, tag, `sha256:${config.sha256}`, layerDigest)
  if (!known) await loadArchive(docker, writeArchive(entries, layer, config, tag))
  const imageId = known ?? (await findImage(docker, tag, `sha256:${config.sha256}`, layerDigest))
  if (!imageId)
    throw new ImageNotLoaded('the engine does not have it after loading', 'Look at the Docker daemon log.')
  return { imageId, layerDigest, bytes: layer.bytes, ms: performance.now() - startedAt, loaded: !known }
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
