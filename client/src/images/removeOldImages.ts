import type Docker from 'dockerode'
import { engineCall, refusalOf } from '../drivers/docker/engineCall.ts'
import { CANONICAL_REPOSITORY } from './canonicalImage.ts'

/**
 * Tags the current canonical image anew, and removes those of earlier versions that no daemon has tagged for
 * keepMs and that no container uses. Resolves with their tags.
 */
export async function removeOldImages(docker: Docker, currentId: string, keepMs: number): Promise<string[]> {
  const filters = { reference: [CANONICAL_REPOSITORY] }
  const images = await engineCall('list the images', () => docker.listImages({ filters }))
  const removed: string[] = []
  for (const { Id, RepoTags } of images) {
    const tags = (RepoTags ?? []).filter((tag) => tag.startsWith(`${CANONICAL_REPOSITORY}:`))
    if (Id === currentId) await tagAgain(docker, currentId, tags)
    else if (await isOlder(docker, Id, keepMs)) {
      for (const tag of tags) if (await remove(docker, tag)) removed.push(tag)
    }
  }
  return removed
}

/** Tells other daemons on this engine that the image is in use. */
async function tagAgain(docker: Docker, id: string, tags: string[]): Promise<void> {
  for (const name of tags) {
    const [repo = '', tag = ''] = name.split(':')
    await engineCall('tag the image', () => docker.getImage(id).tag({ repo, tag }))
  }
}

async function isOlder(docker: Docker, id: string, keepMs: number): Promise<boolean> {
  const info = await engineCall('inspect the image', () => docker.getImage(id).inspect())
  const { LastTagTime } = (info as { Metadata?: { LastTagTime?: string } }).Metadata ?? {}
  const taggedAtMs = Date.parse(LastTagTime ?? '')
  // The engine says year 1 while an image is being loaded: that one is as new as can be.
  return taggedAtMs > 0 && Date.now() - taggedAtMs >= keepMs
}

/** False when a container uses it, or it is gone already. */
async function remove(docker: Docker, tag: string): Promise<boolean> {
  try {
    await engineCall('remove an old image', () => docker.getImage(tag).remove())
    return true
  } catch (error) {
    if (refusalOf(error) === 409 || refusalOf(error) === 404) return false
    throw error
  }
}
