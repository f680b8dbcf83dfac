import { posix } from 'node:path'
import type { ContainerCreateOptions } from 'dockerode'
import type { RunSpec } from '../driver.ts'
import type { JobMounts } from '../prepareJobDirectory.ts'
import { confinement } from './confinement.ts'
import { environmentOf } from './environmentOf.ts'
import { gpuRequests } from './gpuRequests.ts'
import type { ImageTraits } from './imageTraits.ts'

export const LABEL = {
  order: 'trainyard.order',
  run: 'trainyard.run',
  scope: 'trainyard.scope',
  disk: 'trainyard.disk-bytes',
  /** On the container that a run with egress shares its network namespace with: the run's id. */
  gatewayOf: 'trainyard.gateway-of',
  egress: 'trainyard.egress',
}
export const OUTPUT_TARGET = '/job/out'

export type ContainerPlan = {
  run: RunSpec
  scope: string
  imageId: string
  traits: ImageTraits
  runtime: { Runtime?: string }
  mounts: JobMounts
  user: { uid: number; gid: number }
}

type HostConfig = NonNullable<ContainerCreateOptions['HostConfig']>

/** What is created for a run: every restriction that Docker has and training does not need lifted. */
export function containerOptions(plan: ContainerPlan): ContainerCreateOptions {
  const { run, scope, imageId, traits, runtime, mounts, user } = plan
  const egress = run.egress ?? []
  return {
    name: containerName(scope, run.runId),
    Image: imageId,
    User: `${user.uid}:${user.gid}`,
    ...(run.program === 'benchmark' ? { Entrypoint: benchmarkOf(traits.entrypoint) } : {}),
    ...(run.command ? { Cmd: [...run.command] } : {}),
    Env: environmentOf(run, traits),
    Labels: {
      [LABEL.order]: run.orderId,
      [LABEL.run]: run.runId,
      [LABEL.scope]: scope,
      [LABEL.disk]: String(run.limits.diskBytes),
      ...(egress.length > 0 ? { [LABEL.egress]: JSON.stringify(egress) } : {}),
    },
    // An image could name another signal, which an init drops, or a command to be run every second.
    StopSignal: 'SIGTERM',
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...confinement(),
      ...runtime,
      NetworkMode: egress.length > 0 ? `container:${gatewayName(scope, run.runId)}` : 'none',
      Tmpfs: tmpfsMounts(traits),
      ...limits(run.limits),
      ...gpuRequests(run.gpus ?? []),
      Mounts: bindMounts(mounts),
    },
  }
}

/** Of our images: what the image starts its program with, and the benchmark beside that program. */
function benchmarkOf(entrypoint: readonly string[]): string[] {
  const program = entrypoint.at(-1) ?? ''
  const folder = posix.dirname(program)
  const name = posix.extname(program) === '.py' ? 'benchmark.py' : 'benchmark/main.ts'
  return [...entrypoint.slice(0, -1), posix.join(folder, name)]
}

/** Container names are shared by everybody on an engine; scope keeps two daemons' runs apart. */
export function containerName(scope: string, runId: string): string {
  return `trainyard-${scope}-${runId}`
}

/** A scope holds no dot, so no run is ever named like a gateway. */
export function gatewayName(scope: string, runId: string): string {
  return `trainyard-gateway.${scope}-${runId}`
}

/** A volume that the image declares would be writable and without limit: a small tmpfs lies over it. */
function tmpfsMounts({ volumes }: ImageTraits): Record<string, string> {
  const plain = 'rw,nosuid,nodev,noexec'
  const overVolumes = volumes.map((path) => [path, `${plain},size=16m,mode=1777`])
  return { '/tmp': `${plain},size=64m,mode=1777`, ...Object.fromEntries(overVolumes) }
}

function limits(limits: RunSpec['limits']): HostConfig {
  return {
    NanoCpus: Math.round(limits.cpus * 1e9),
    Memory: limits.memoryBytes,
    // Equal to Memory: no swap. Unset, it would allow twice the memory.
    MemorySwap: limits.memoryBytes,
    PidsLimit: limits.pids,
    // Before anything else on the machine, the daemon included, the job is what the kernel kills.
    OomScoreAdj: 500,
    Ulimits: [
      { Name: 'core', Soft: 0, Hard: 0 },
      { Name: 'nofile', Soft: 4096, Hard: 4096 },
      // The kernel's part of the disk limit: no single file may outgrow it.
      { Name: 'fsize', Soft: limits.diskBytes, Hard: limits.diskBytes },
    ],
  }
}

function bindMounts(mounts: JobMounts) {
  const bind = (Source: string, Target: string, ReadOnly: boolean) => {
    return {
      Type: 'bind' as const,
      Source,
      Target,
      ReadOnly,
      BindOptions: { Propagation: 'rprivate' as const },
    }
  }
  return [
    bind(mounts.spec, '/job/spec.json', true),
    bind(mounts.data, '/job/data', true),
    bind(mounts.input, '/job/in', true),
    bind(mounts.output, OUTPUT_TARGET, false),
  ]
}
