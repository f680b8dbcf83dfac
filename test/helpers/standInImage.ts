import { randomUUID } from 'node:crypto'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildCanonicalImage } from '../../client/src/images/canonicalImage.ts'
import { docker } from './docker.ts'
import { nodePath, openFolder, standIn } from './driverRun.ts'

/** An image of the stand-in trainer that no other test file has, so that it can be removed afterwards. */
export async function makeStandInImage(): Promise<string> {
  const folder = openFolder('image')
  try {
    const trainerDir = join(folder, 'trainer')
    cpSync(standIn, trainerDir, { recursive: true })
    writeFileSync(join(trainerDir, 'unique.ts'), `export const unique = '${randomUUID()}'\n`)
    return (await buildCanonicalImage({ docker, nodePath, trainerDir })).imageId
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** An image whose program is this source and nothing else: it knows no job contract. */
export async function makeProgramImage(source: string): Promise<string> {
  const trainerDir = openFolder('program')
  try {
    writeFileSync(join(trainerDir, 'main.ts'), `${source}\n// ${randomUUID()}\n`)
    return (await buildCanonicalImage({ docker, nodePath, trainerDir })).imageId
  } finally {
    rmSync(trainerDir, { recursive: true })
  }
}

/** Also one that is gone already. */
export async function removeImage(imageId: string): Promise<void> {
  try {
    await docker.getImage(imageId).remove({ force: true })
  } catch (error) {
    if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 404)) throw error
  }
}
