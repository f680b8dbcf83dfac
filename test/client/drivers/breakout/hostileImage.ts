import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type Docker from 'dockerode'
import { buildCanonicalImage } from '../../../../client/src/images/canonicalImage.ts'
import { syscallProgram } from '../../../fixtures/trainers/hostile/syscallProgram.ts'
import { nodePath, openFolder } from '../../../helpers/driverRun.ts'

const hostile = resolve('test/fixtures/trainers/hostile')
const GETEUID = 107
const PAUSE = 34

export type HostileImage = { imageId: string; remove(): Promise<void> }

/**
 * An image that does everything an image can to get out: a set-user-id program of root's, variables for the
 * container toolkit and the loader, a volume, root as its user, and a signal to stop that nobody heeds.
 */
export async function makeHostileImage(docker: Docker, name: string): Promise<HostileImage> {
  const base = await makeBase(docker, name)
  const withFiles = await derive(docker, base, {}, async (container) => {
    await container.putArchive(tarOf(writeTools), { path: '/' })
  })
  const imageId = await derive(docker, withFiles, TRICKS, async () => undefined)
  const remove = async () => {
    // The one in between has no name and goes with the last.
    for (const id of [imageId, base]) await removeImage(docker, id)
  }
  return { imageId, remove }
}

/** Fine when somebody was tidying up on this engine meanwhile. */
async function removeImage(docker: Docker, id: string): Promise<void> {
  await docker
    .getImage(id)
    .remove({ force: true })
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404) throw error
    })
}

function writeTools(folder: string): void {
  writeFileSync(join(folder, 'setuid'), syscallProgram(GETEUID, [], 'value'))
  chmodSync(join(folder, 'setuid'), 0o4755)
  writeFileSync(join(folder, 'sleeper'), syscallProgram(PAUSE, []))
  chmodSync(join(folder, 'sleeper'), 0o755)
  mkdirSync(join(folder, 'escape'))
  chmodSync(join(folder, 'escape'), 0o777)
}

function tarOf(fill: (folder: string) => void): Buffer {
  const folder = openFolder('layer')
  try {
    fill(folder)
    return execFileSync('tar', ['-C', folder, '--owner=0', '--group=0', '-c', '.'])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Commits a container, which keeps the configuration that it was created with. */
async function derive(
  docker: Docker,
  image: string,
  options: Docker.ContainerCreateOptions,
  fill: (container: Docker.Container) => Promise<void>,
): Promise<string> {
  const container = await docker.createContainer({ ...options, Image: image })
  try {
    await fill(container)
    return (await container.commit()).Id
  } finally {
    await container.remove({ force: true, v: true })
  }
}

const TRICKS: Docker.ContainerCreateOptions = {
  Env: ['NVIDIA_VISIBLE_DEVICES=all', 'NVIDIA_DRIVER_CAPABILITIES=all', 'LD_PRELOAD=/escape.so'],
  Volumes: { '/escape': {} },
  User: '0:0',
  StopSignal: 'SIGWINCH',
  Healthcheck: { Test: ['CMD', '/sleeper'], Interval: 1e9 },
}

/** One of its own for each test file, so that it can be removed afterwards. */
async function makeBase(docker: Docker, name: string): Promise<string> {
  const folder = openFolder('hostile')
  try {
    const trainerDir = join(folder, 'trainer')
    cpSync(hostile, trainerDir, { recursive: true })
    writeFileSync(join(trainerDir, 'unique.ts'), `export const unique = '${name}'\n`)
    return (await buildCanonicalImage({ docker, nodePath, trainerDir })).imageId
  } finally {
    rmSync(folder, { recursive: true })
  }
}
