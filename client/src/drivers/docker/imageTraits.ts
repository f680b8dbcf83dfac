import { posix } from 'node:path'
import type Docker from 'dockerode'
import { RunDidNotStart } from '../driverErrors.ts'
import { engineCall } from './engineCall.ts'

/** What an image asks for that a run must not grant. */
export type ImageTraits = {
  /** Names of variables that steer the container toolkit or the loader, to be taken out. */
  unsafeEnv: string[]
  /** Paths that the engine would give writable storage without any limit. */
  volumes: string[]
  /** Its own program, with arguments. */
  entrypoint: string[]
}

const MAX_VOLUMES = 8
/** The toolkit's hooks, which run as root outside the container, see these: CVE-2025-23266 was LD_PRELOAD. */
const UNSAFE_ENV = /^(NVIDIA_|CUDA_VISIBLE_DEVICES$|LD_PRELOAD$|LD_AUDIT$|GCONV_PATH$)/
/** CVE-2024-21626: a working directory below /proc leads out through a file that the runtime left open. */
const UNSAFE_WORK_DIR = /^\/(proc|sys|dev)(\/|$)/

/**
 * Reads what an image would change about its run. Errors: RunDidNotStart for an image that no run may use or
 * that is not there, EngineUnreachable.
 */
export async function readImageTraits(docker: Docker, imageId: string, runId: string): Promise<ImageTraits> {
  const image = docker.getImage(imageId)
  const { Config } = await engineCall('inspect the image', () => image.inspect()).catch((error: unknown) => {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) {
      throw new RunDidNotStart(runId, `no such image: ${imageId}`, 'Load or pull the image first.')
    }
    throw error
  })
  const refuse = (reason: string) =>
    new RunDidNotStart(runId, `the image ${reason}`, 'Build the image without it.')
  const workDir = posix.normalize(Config.WorkingDir || '/')
  if (UNSAFE_WORK_DIR.test(workDir)) throw refuse(`starts in ${workDir}`)
  const volumes = Object.keys(Config.Volumes ?? {}).map((path) => posix.normalize(path))
  if (volumes.length > MAX_VOLUMES) throw refuse(`declares more than ${MAX_VOLUMES} volumes`)
  const covered = volumes.find((path) => !/^\/[^:]+$/.test(path) || /^\/(job|proc|sys|dev)(\/|$)/.test(path))
  if (covered !== undefined) throw refuse(`declares the volume ${covered}`)
  const names = (Config.Env ?? []).map((entry) => entry.split('=', 1)[0] ?? '')
  const entrypoint = [Config.Entrypoint ?? []].flat()
  return { unsafeEnv: names.filter((name) => UNSAFE_ENV.test(name)), volumes, entrypoint }
}
