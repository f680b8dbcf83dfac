import { cpSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { ImageNotLoaded } from '../../../client/src/drivers/driverErrors.ts'
import { buildCanonicalImage, canonicalLaunch } from '../../../client/src/images/canonicalImage.ts'
import { digestLayer } from '../../../client/src/images/digestLayer.ts'
import { imageConfig } from '../../../client/src/images/imageConfig.ts'
import { layerEntries } from '../../../client/src/images/layerEntries.ts'
import { errorIn, loadArchive } from '../../../client/src/images/loadArchive.ts'
import { parseLdd } from '../../../client/src/images/sharedLibraries.ts'
import { docker, dockerTest } from '../../helpers/docker.ts'
import { nodePath, openFolder, standIn } from '../../helpers/driverRun.ts'
import { removeImage } from '../../helpers/standInImage.ts'

const folder = openFolder('canonical-image')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function trainerCopy(name: string, text: string): string {
  const path = join(folder, name)
  cpSync(standIn, path, { recursive: true })
  writeFileSync(join(path, 'extra.ts'), text)
  return path
}

/** The Id that an image of this trainer would have. */
async function idOf(trainerDir: string): Promise<string> {
  const { sha256 } = await digestLayer(await layerEntries(nodePath, trainerDir))
  return imageConfig(sha256, canonicalLaunch).sha256
}

describe('canonical image', () => {
  dockerTest('default: the engine has it under the Id computed before, and loads it once', async () => {
    const trainerDir = trainerCopy('load', `export const x = ${Math.random()}\n`)
    const id = `sha256:${await idOf(trainerDir)}`
    const image = await buildCanonicalImage({ docker, nodePath, trainerDir })
    try {
      expect(image).toMatchObject({ imageId: id, loaded: true })
      const info = await docker.getImage(id).inspect()
      expect(info.RootFS.Layers).toEqual([image.layerDigest])
      expect(info.Config.Entrypoint).toEqual(['/usr/local/bin/node', '/trainer/main.ts'])
      expect(info.Created).toBe('1970-01-01T00:00:00Z')
      const again = await buildCanonicalImage({ docker, nodePath, trainerDir })
      expect(again).toMatchObject({ imageId: id, loaded: false })
    } finally {
      await removeImage(id)
    }
  })

  test('behavior: the same files give the same Id, whenever and wherever they were written', async () => {
    const first = trainerCopy('same1', 'export const x = 1\n')
    const second = trainerCopy('same2', 'export const x = 1\n')
    utimesSync(join(second, 'extra.ts'), 1, 1)
    expect(await idOf(first)).toBe(await idOf(second))
    expect(await idOf(trainerCopy('other', 'export const x = 2\n'))).not.toBe(await idOf(first))
  })

  test('behavior: entries are sorted, parents come first, and what is not code is left out', async () => {
    const trainerDir = trainerCopy('entries', '')
    writeFileSync(join(trainerDir, 'main.ts.orig'), '')
    const names = (await layerEntries(nodePath, trainerDir)).map(({ name }) => name)
    expect(names).toEqual([...names].sort())
    expect(names.indexOf('job')).toBeLessThan(names.indexOf('job/out'))
    expect(names.filter((name) => name.startsWith('trainer/'))).toEqual([
      'trainer/attack.ts',
      'trainer/extra.ts',
      'trainer/hog.ts',
      'trainer/main.ts',
      'trainer/package.json',
    ])
  })

  test('error: a trainer folder without main.ts, or with a link', async () => {
    const empty = trainerCopy('noMain', '')
    rmSync(join(empty, 'main.ts'))
    await expect(layerEntries(nodePath, empty)).rejects.toThrow(/has no main.ts/)
    const linked = trainerCopy('linked', '')
    symlinkSync('/etc/passwd', join(linked, 'passwd.ts'))
    await expect(layerEntries(nodePath, linked)).rejects.toBeInstanceOf(ImageNotLoaded)
  })

  dockerTest(
    'error: a failure that the engine reports inside its answer is not taken for success',
    async () => {
      await expect(loadArchive(docker, Readable.from([Buffer.alloc(10_240)]))).rejects.toBeInstanceOf(Error)
    },
  )

  test('error: the first error of the answer is found', () => {
    expect(errorIn('{"stream":"x"}\n{"errorDetail":{},"error":"no space left"}\n')).toBe('no space left')
    expect(errorIn('{"stream":"Loaded image"}\n')).toBeUndefined()
  })
})

describe('parseLdd', () => {
  test('default: libraries and the loader, without the vdso', () => {
    const output = [
      '\tlinux-vdso.so.1 (0x00007ffd)',
      '\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f9e)',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007f9f)',
    ].join('\n')
    expect(parseLdd(output)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2'])
  })

  test('error: a library that is not installed is named', () => {
    expect(() => parseLdd('\tlibatomic.so.1 => not found\n')).toThrow(/libatomic.so.1 is not installed/)
  })
})
