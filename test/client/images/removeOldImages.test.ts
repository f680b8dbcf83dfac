import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { buildCanonicalImage } from '../../../client/src/images/canonicalImage.ts'
import { removeOldImages } from '../../../client/src/images/removeOldImages.ts'
import { dockerMissing, testUnless } from '../../helpers/docker.ts'
import { nodePath, openFolder, standIn } from '../../helpers/driverRun.ts'
import { PrivateEngine, privateEngineMissing } from '../../helpers/privateEngine.ts'

const folder = openFolder('old-images')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const HOUR_MS = 3_600_000

// On an engine of its own: on the shared one it would take the images of other tests.
testUnless(
  dockerMissing ?? privateEngineMissing(),
  'default: old, unused images go; others stay',
  async () => {
    await using engine = new PrivateEngine()
    await engine.start()
    const { docker } = engine
    const build = async (version: string) => {
      const trainerDir = join(folder, version)
      cpSync(standIn, trainerDir, { recursive: true })
      writeFileSync(join(trainerDir, 'version.ts'), `export const version = '${version}'\n`)
      return (await buildCanonicalImage({ docker, nodePath, trainerDir })).imageId
    }
    const [unused, used, current] = [await build('unused'), await build('used'), await build('current')]
    await docker.createContainer({ Image: used })
    await docker.getImage(unused).tag({ repo: 'somebody-elses', tag: 'image' })
    const ids = async () => new Set((await docker.listImages()).map(({ Id }) => Id))

    expect(await removeOldImages(docker, current, HOUR_MS)).toEqual([])
    expect(await ids()).toEqual(new Set([unused, used, current]))

    const removed = await removeOldImages(docker, current, 0)
    expect(removed).toEqual([`trainyard-canonical:${unused.slice(7, 19)}`])
    // Its other name is not ours to take.
    expect(await ids()).toEqual(new Set([unused, used, current]))
    await docker.getImage('somebody-elses:image').remove()
    expect(await ids()).toEqual(new Set([used, current]))
  },
  90_000,
)
