import type Docker from 'dockerode'
import { engineCall, refusalOf } from '../../drivers/docker/engineCall.ts'

/** Name of the image that a recipe gives; nothing is run by it. */
export function torchTag(recipe: string): string {
  return `trainyard-torch:${recipe.slice(0, 12)}`
}

/** The engine's image of this recipe, if there is one. Errors: EngineUnreachable. */
export async function findTorchImage(
  docker: Docker,
  recipe: string,
): Promise<{ imageId: string; layerDigest: string; bytes: number } | undefined> {
  try {
    const info = await engineCall('inspect the image', () => docker.getImage(torchTag(recipe)).inspect())
    const [layerDigest] = info.RootFS.Layers ?? []
    return layerDigest ? { imageId: info.Id, layerDigest, bytes: info.Size } : undefined
  } catch (error) {
    if (refusalOf(error) !== 404) throw error
    return undefined
  }
}
