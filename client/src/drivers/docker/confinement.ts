import type { ContainerCreateOptions } from 'dockerode'
import { seccompProfile } from './seccompProfile.ts'

/** What holds for every container that this daemon makes, jobs and gateways alike; limits come on top. */
export function confinement(): NonNullable<ContainerCreateOptions['HostConfig']> {
  return {
    Privileged: false,
    PublishAllPorts: false,
    // Without an init, PID 1 ignores SIGTERM and leaves zombies behind.
    Init: true,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true', `seccomp=${seccompProfile}`],
    IpcMode: 'private',
    ShmSize: 16 * 1024 ** 2,
    OomKillDisable: false,
    // Files are cut at 16 MB and two are kept, so what a job prints takes at most 32 MB of the disk.
    LogConfig: { Type: 'json-file', Config: { 'max-size': '16m', 'max-file': '2' } },
    RestartPolicy: { Name: 'no' },
  }
}
