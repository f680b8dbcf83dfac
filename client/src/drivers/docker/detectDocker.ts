import { arch } from 'node:os'
import Docker from 'dockerode'
import { DriverError } from '../driverErrors.ts'
import { engineCall } from './engineCall.ts'

export type DockerDetection =
  | {
      found: true
      docker: Docker
      version: string
      apiVersion: string /** Limits that would not hold. */
      weaknesses: string[]
    }
  | { found: false; reason: string; suggestion: string }

const ENGINE_ARCH: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/** Looks for a usable engine at socketPath, else where DOCKER_HOST or the defaults say. Never throws. */
export async function detectDocker(
  options: { socketPath?: string; timeoutMs?: number } = {},
): Promise<DockerDetection> {
  const timeoutMs = options.timeoutMs ?? 3000
  try {
    // dockerode gives ping no abort signal; the idle timeout frees the socket of an engine that hangs.
    const prober = new Docker({ ...socketOf(options), timeout: timeoutMs })
    await engineCall('ping Docker', () => prober.ping(), timeoutMs)
    const docker = new Docker(socketOf(options))
    const version = await engineCall('read the Docker version', () => prober.version(), timeoutMs)
    const info: EngineInfo = await engineCall('read the Docker facts', () => prober.info(), timeoutMs)
    if (version.Os !== 'linux' || version.Arch !== ENGINE_ARCH[arch()]) {
      const reason = `the Docker daemon runs ${version.Os}/${version.Arch} containers, not linux/${ENGINE_ARCH[arch()]}`
      return { found: false, reason, suggestion: 'Switch Docker to Linux containers of this machine.' }
    }
    return {
      found: true,
      docker,
      version: version.Version,
      apiVersion: version.ApiVersion,
      weaknesses: weaknessesOf(info),
    }
  } catch (error) {
    if (!(error instanceof DriverError)) throw error
    return { found: false, reason: error.message, suggestion: error.suggestion }
  }
}

type EngineInfo = {
  MemoryLimit?: boolean
  SwapLimit?: boolean
  PidsLimit?: boolean
  CpuCfsQuota?: boolean
  SecurityOptions?: string[]
}

function weaknessesOf(info: EngineInfo): string[] {
  const weaknesses: string[] = []
  if (!info.MemoryLimit) weaknesses.push('the kernel enforces no memory limit')
  if (!info.SwapLimit)
    weaknesses.push('the kernel enforces no swap limit: a job may use as much swap as memory')
  if (!info.PidsLimit) weaknesses.push('the kernel enforces no process limit')
  if (!info.CpuCfsQuota) weaknesses.push('the kernel enforces no CPU quota')
  if (!info.SecurityOptions?.some((option) => option.includes('name=seccomp'))) {
    weaknesses.push('the engine applies no seccomp profile')
  }
  return weaknesses
}

function socketOf(options: { socketPath?: string }): { socketPath?: string } {
  return options.socketPath === undefined ? {} : { socketPath: options.socketPath }
}
