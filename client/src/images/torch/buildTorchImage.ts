import { createHash } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Launch } from '../imageConfig.ts'
import { loadImage } from '../loadImage.ts'
import { compileModules } from './compileModules.ts'
import { extractPackages } from './extractPackages.ts'
import { fetchPackages } from './fetchPackages.ts'
import { findTorchImage, torchTag } from './findTorchImage.ts'
import { HELPERS, torchEntries } from './torchEntries.ts'

/** Folder of the helper and the sample program that the image holds. */
export const HELPER_DIR = join(import.meta.dirname, '..', '..', '..', 'images', 'torch')

export const torchLaunch: Launch = {
  entrypoint: ['/usr/bin/python3', '-I', '-B', '/trainer/chargpt.py'],
  env: ['PATH=/usr/bin', 'LC_ALL=C.UTF-8', 'HOME=/tmp'],
}

export type TorchImage = {
  imageId: string
  layerDigest: string
  bytes: number
  seconds: number
  built: boolean
}

/**
 * The PyTorch image, built and loaded unless the engine has the one of this recipe. Packages of the same versions give
 * the same Id; Debian replaces versions in time, and then another build is another image.
 * @param workDir for packages and unpacked files, about 1.5 GB while it runs; emptied afterwards
 * @param onPhase told what is being done
 * Errors: ImageNotLoaded, EngineUnreachable.
 */
export async function buildTorchImage(options: {
  docker: Docker
  workDir: string
  onPhase?: (text: string) => void
}): Promise<TorchImage> {
  const { docker, workDir, onPhase = () => {} } = options
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10
  const recipe = await recipeHash()
  const known = await findTorchImage(docker, recipe)
  if (known) return { ...known, seconds: seconds(), built: false }
  await rm(workDir, { recursive: true, force: true })
  await mkdir(workDir, { recursive: true })
  try {
    onPhase('downloading Debian packages, about 260 MB')
    const packages = await fetchPackages(workDir)
    onPhase(`unpacking ${packages.length} packages`)
    const root = join(workDir, 'root')
    await extractPackages(packages, root)
    await compileModules(root)
    onPhase('loading the image into Docker')
    const entries = await torchEntries(root, HELPER_DIR)
    const { imageId, layerDigest, bytes } = await loadImage(docker, entries, torchLaunch, () =>
      torchTag(recipe),
    )
    return { imageId, layerDigest, bytes, seconds: seconds(), built: true }
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

/** Identity of what makes the image, packages aside: the code that chooses files, and the helper. */
async function recipeHash(): Promise<string> {
  const files = [
    ...['compileModules.ts', 'torchEntries.ts'].map((name) => join(import.meta.dirname, name)),
    ...HELPERS.map((name) => join(HELPER_DIR, name)),
  ]
  const hash = createHash('sha256').update(JSON.stringify(torchLaunch))
  for (const file of files)
    hash.update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    )
  return hash.digest('hex')
}
