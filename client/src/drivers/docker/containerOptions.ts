import type { ContainerCreateOptions } from 'dockerode'
import type { RunSpec } from '../driver.ts'
import type { JobMounts } from '../prepareJobDirectory.ts'

export const LABEL = {
  order: 'trainyard.order',
  run: 'trainyard.run',
  scope: 'trainyard.scope',
  disk: 'trainyard.disk-bytes',
}
export const OUTPUT_TARGET = '/job/out'

export type ContainerPlan = {
  run: RunSpec
  scope: string
  imageId: string
  mounts: JobMounts
  user: { uid: number; gid: number }
}

/** What is created for a run: every restriction that Docker has and training does not need lifted. */
export function containerOptions({
  run,
  scope,
  imageId,
  mounts,
  user,
}: ContainerPlan): ContainerCreateOptions {
  return {
    name: containerName(scope, run.runId),
    Image: imageId,
    User: `${user.uid}:${user.gid}`,
    Env: [`TRAINYARD_FROM_STEP=${run.fromStep}`, `TRAINYARD_TO_STEP=${run.toStep}`],
    Labels: {
      [LABEL.order]: run.orderId,
      [LABEL.run]: run.runId,
      [LABEL.scope]: scope,
      [LABEL.disk]: String(run.limits.diskBytes),
    },
    HostConfig: { ...confinement(), ...limits(run.limits), Mounts: bindMounts(mounts) },
  }
}

/** Container names are shared by everybody on an engine; scope keeps two daemons' runs apart. */
export function containerName(scope: string, runId: string): string {
  return `trainyard-${scope}-${runId}`
}

function confinement(): NonNullable<ContainerCreateOptions['HostConfig']> {
  return {
    // Without an init, PID 1 ignores SIGTERM and leaves zombies behind.
    Init: true,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    // The default seccomp profile stays on because nothing here replaces it.
    SecurityOpt: ['no-new-privileges:true'],
    NetworkMode: 'none',
    IpcMode: 'private',
    ShmSize: 16 * 1024 ** 2,
    Tmpfs: { '/tmp': 'rw,nosuid,nodev,noexec,size=64m,mode=1777' },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '16m', 'max-file': '2' } },
    RestartPolicy: { Name: 'no' },
  }
}

function limits(limits: RunSpec['limits']): NonNullable<ContainerCreateOptions['HostConfig']> {
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
