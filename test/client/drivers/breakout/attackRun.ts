import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { expect } from 'vitest'
import type { Driver, RunSpec } from '../../../../client/src/drivers/driver.ts'
import type { Attack } from '../../../fixtures/trainers/hostile/main.ts'
import { MEBIBYTE } from '../../../helpers/driverRun.ts'

export type Report = Record<string, unknown>

/** A job directory whose job tries these attacks, and the run of it. */
export function attackRun(
  folder: string,
  runId: string,
  attacks: Attack[],
  extra: Partial<Omit<RunSpec, 'limits'>> & { limits?: Partial<RunSpec['limits']> } = {},
): RunSpec {
  const jobDir = join(folder, runId)
  for (const name of ['data', 'in', 'out']) mkdirSync(join(jobDir, name), { recursive: true })
  writeFileSync(join(jobDir, 'spec.json'), JSON.stringify({ attacks }))
  const limits = { cpus: 1, memoryBytes: 256 * MEBIBYTE, diskBytes: 64 * MEBIBYTE, pids: 40, ...extra.limits }
  return { orderId: '7', runId, jobDir, fromStep: 0, toStep: 1, ...extra, limits }
}

/** What came of each attack, as far as the job got. */
export function reportOf(run: RunSpec): Report {
  const path = join(run.jobDir, 'out', 'report.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** The daemon's side is unharmed: the same driver still runs a job from start to end. */
export async function expectAlive(driver: Driver, folder: string, runId: string): Promise<void> {
  const run = attackRun(folder, runId, [])
  await driver.start(run)
  const state = await driver.wait(runId, AbortSignal.timeout(20_000))
  expect(state).toEqual({ kind: 'exited', exitCode: 0, oomKilled: false })
  await driver.remove(runId)
}

const CAPABILITIES = [
  ...['SYS_ADMIN', 'SYS_PTRACE', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_BOOT', 'SYSLOG', 'SYS_CHROOT', 'SETUID'],
  ...['NET_ADMIN', 'NET_RAW', 'DAC_READ_SEARCH', 'DAC_OVERRIDE', 'MKNOD', 'SETPCAP'],
]

/**
 * The same image and attacks with every protection off: shows that an attack can succeed, and so that a test
 * of it can fail. Only for attacks that end by themselves.
 */
export async function runUnprotected(
  docker: Docker,
  imageId: string,
  run: RunSpec,
  host: Docker.ContainerCreateOptions['HostConfig'] = {},
  examine: (container: Docker.Container) => Promise<void> = async () => undefined,
): Promise<Report> {
  const mount = (name: string) => `${join(run.jobDir, name)}:/job/${name}`
  const container = await docker.createContainer({
    Image: imageId,
    Env: ['LD_PRELOAD='],
    Labels: { 'trainyard.scope': 'unprotected' },
    HostConfig: {
      // All but "privileged", which a machine whose own root lacks a capability cannot give.
      CapAdd: CAPABILITIES,
      SecurityOpt: ['seccomp=unconfined'],
      MaskedPaths: [],
      ReadonlyPaths: [],
      Binds: [mount('spec.json'), mount('in'), mount('out')],
      Memory: 1024 * MEBIBYTE,
      PidsLimit: 600,
      ...host,
    },
  })
  try {
    await container.start()
    await container.wait()
    await examine(container)
    return reportOf(run)
  } finally {
    await container.remove({ force: true, v: true })
  }
}
