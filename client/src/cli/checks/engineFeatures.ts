import { z } from 'zod'
import { type Check, check } from './check.ts'

/** The part of `docker info` that says how containers are kept apart. */
const infoSchema = z.object({
  SecurityOptions: z.array(z.string()).nullish(),
  Driver: z.string().optional(),
  DriverStatus: z.array(z.tuple([z.string(), z.string()])).nullish(),
})

/** User namespaces, system call filter, and whether the engine itself can limit a container's disk. */
export function engineFeatures(untrustedInfo: unknown): Check[] {
  const { SecurityOptions, Driver, DriverStatus } = infoSchema.parse(untrustedInfo)
  const options = SecurityOptions ?? []
  const has = (name: string) => options.some((option) => option.split(',').includes(`name=${name}`))
  const files = DriverStatus?.find(([name]) => name === 'Backing Filesystem')?.[1] ?? 'unknown files'
  const storage = `${Driver ?? 'unknown'} on ${files}`
  const mayQuota = Driver === 'overlay2' && files === 'xfs'
  return [
    check(
      {
        id: 'docker-userns',
        title: 'User namespaces',
        purpose: 'Root in a container that breaks out is nobody outside.',
      },
      has('userns') || has('rootless')
        ? { status: 'pass', actual: has('rootless') ? 'rootless engine' : 'remapped' }
        : {
            status: 'warn',
            actual: 'off',
            required: 'on',
            remediation:
              'Set "userns-remap": "default" in /etc/docker/daemon.json. Jobs never run as root either way.',
          },
    ),
    check(
      {
        id: 'docker-seccomp',
        title: 'System call filter',
        purpose: 'Jobs cannot reach rarely used kernel code.',
      },
      has('seccomp')
        ? { status: 'pass', actual: 'seccomp' }
        : {
            status: 'fail',
            actual: 'none',
            required: 'seccomp',
            remediation: 'Use an engine built with seccomp.',
          },
    ),
    check(
      {
        id: 'docker-storage',
        title: 'Disk quota of the engine',
        purpose:
          'Where it has none, root is read-only, /tmp is limited, and the daemon watches what a job writes.',
      },
      { status: 'info', actual: mayQuota ? `${storage}: possible with pquota` : `${storage}: none` },
    ),
  ]
}
