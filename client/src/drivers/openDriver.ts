import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Driver } from './driver.ts'
import { createProcessDriver } from './process/createProcessDriver.ts'

export type OpenedDriver = {
  driver: Driver
  /** What this driver does not keep a job from on this machine, in sentences for the log and doctor. */
  weaknesses: string[]
}

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/nvidia/toolkit'

/**
 * The driver that a daemon runs the canonical trainer with, ready to start runs: for docker the image is
 * made and loaded if the engine lacks it. Runs belong to dataDir: a daemon with the same one finds them.
 * Errors: DriverError with one sentence on why this driver cannot be used here.
 */
export async function openDriver(options: {
  name: Driver['name']
  dataDir: string
  /** Where the container toolkit may be, as in PATH. */
  searchPath?: string
}): Promise<OpenedDriver> {
  const nodePath = process.execPath
  const trainerDir = dirname(fileURLToPath(import.meta.resolve('@trainyard/verifier/canonical/main.ts')))
  const benchmark = import.meta.resolve('@trainyard/verifier/benchmark/program/main.ts')
  const benchmarkDir = dirname(fileURLToPath(benchmark))
  const dataDir = resolve(options.dataDir)
  if (options.name === 'process') {
    const driver = createProcessDriver({
      ...{ nodePath, trainerDir, benchmarkDir },
      stateDir: join(dataDir, 'runs'),
    })
    return { driver, weaknesses: driver.leftOut }
  }
  // Loaded only where it is used: the engine's client takes six megabytes.
  const { openDocker } = await import('./docker/openDocker.ts')
  const searchPath = options.searchPath ?? SYSTEM_PATH
  return openDocker({ nodePath, trainerDir, benchmarkDir, dataDir, searchPath })
}
