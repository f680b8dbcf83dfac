import type Docker from 'dockerode'
import type { Launch } from './imageConfig.ts'
import { layerEntries } from './layerEntries.ts'
import { type LoadedImage, loadImage } from './loadImage.ts'

export type CanonicalImage = LoadedImage & { ms: number }

export const canonicalLaunch: Launch = {
  entrypoint: ['/usr/local/bin/node', '/trainer/main.ts'],
  env: ['PATH=/usr/local/bin'],
}

/** What all canonical images are tagged with; nothing is ever run by a tag. */
export const CANONICAL_REPOSITORY = 'trainyard-canonical'

/**
 * Makes the canonical trainer's image out of this machine's files and loads it: node, the libraries that it
 * needs, the trainer, the mount points, and nothing else (no shell, no package manager, no registry).
 * Deterministic: the same files give the same Id. Errors: ImageNotLoaded, EngineUnreachable.
 */
export async function buildCanonicalImage(options: {
  docker: Docker
  nodePath: string
  trainerDir: string
  /** What a benchmark runs; without it the image cannot. */
  benchmarkDir?: string
}): Promise<CanonicalImage> {
  const { docker, nodePath, trainerDir, benchmarkDir } = options
  const startedAt = performance.now()
  const entries = await layerEntries(nodePath, trainerDir, benchmarkDir)
  const image = await loadImage(docker, entries, canonicalLaunch, (id) => `${CANONICAL_REPOSITORY}:${id}`)
  return { ...image, ms: performance.now() - startedAt }
}
