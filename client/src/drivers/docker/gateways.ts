import { copyFile, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type Docker from 'dockerode'
import type { ContainerCreateOptions } from 'dockerode'
import { createEgressProxy, EGRESS_LIMITS, type EgressProxy } from '../../egress/createEgressProxy.ts'
import { confinement } from './confinement.ts'
import { gatewayName, LABEL } from './containerOptions.ts'
import { CALL_TIMEOUT_MS, engineCall, refusalOf } from './engineCall.ts'
import { plainRuntime } from './plainRuntime.ts'

/**
 * A run with egress still has no network: its namespace holds the loopback device alone. It belongs to a
 * gateway, a container of this daemon's own image that listens on 127.0.0.1 there and hands connections to
 * the run's proxy in the daemon, through a socket file. There is no route that could be misused.
 */
export type Gateways = {
  /** Makes proxy and gateway, as far as they are not there; to be called before the run is started. */
  open(run: { runId: string; orderId: string; egress: readonly string[] }): Promise<void>
  /** Starts the proxy of a run that an earlier daemon started. */
  attend(runId: string, egress: readonly string[]): Promise<void>
  /** Ends every connection of a run and removes its gateway; fine when it has none. */
  close(runId: string): Promise<void>
  /** Ids of the runs for which something is left on the disk. */
  list(): Promise<string[]>
}

export type GatewayOptions = {
  docker: Docker
  scope: string
  /** The canonical image: it has Node, and this daemon made it. */
  imageId: string
  user: { uid: number; gid: number }
  folder: string
}

export function createGateways(options: GatewayOptions): Gateways {
  const { docker, scope, folder, user } = options
  const proxies = new Map<string, Promise<EgressProxy>>()
  const folderOf = (runId: string) => join(folder, runId)
  const attend = async (runId: string, allowed: readonly string[]) => {
    let proxy = proxies.get(runId)
    if (!proxy) {
      proxy = startProxy(folderOf(runId), user, allowed)
      proxies.set(runId, proxy)
      proxy.catch(() => proxies.delete(runId))
    }
    await proxy
  }
  return {
    attend,
    open: async ({ runId, orderId, egress }) => {
      await attend(runId, egress)
      await startGateway(options, folderOf(runId), { runId, orderId })
    },
    close: async (runId) => {
      const proxy = proxies.get(runId)
      proxies.delete(runId)
      if (proxy) await (await proxy).close()
      await removeGateway(docker, gatewayName(scope, runId))
      await rm(folderOf(runId), { recursive: true, force: true })
    },
    list: () => readdir(folder).catch(() => []),
  }
}

async function startProxy(
  folder: string,
  user: { uid: number; gid: number },
  allowed: readonly string[],
): Promise<EgressProxy> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const forwarder = fileURLToPath(new URL('../../egress/forwarder.ts', import.meta.url))
  await copyFile(forwarder, join(folder, 'forwarder.ts'))
  return createEgressProxy({ folder, user, allowed, limits: EGRESS_LIMITS })
}

async function startGateway(
  { docker, scope, imageId, user }: GatewayOptions,
  folder: string,
  run: { runId: string; orderId: string },
): Promise<void> {
  const name = gatewayName(scope, run.runId)
  const options: ContainerCreateOptions = {
    name,
    Image: imageId,
    Entrypoint: ['/usr/local/bin/node', '--max-old-space-size=64', '/egress/forwarder.ts'],
    User: `${user.uid}:${user.gid}`,
    Env: ['NVIDIA_VISIBLE_DEVICES=void'],
    Labels: { [LABEL.scope]: scope, [LABEL.order]: run.orderId, [LABEL.gatewayOf]: run.runId },
    HostConfig: {
      ...confinement(),
      ...(await plainRuntime(docker)),
      ...gatewayLimits(),
      NetworkMode: 'none',
      Mounts: [mountOf(folder)],
    },
  }
  const create = (abortSignal: AbortSignal) => docker.createContainer({ ...options, abortSignal })
  await engineCall(`create the gateway of run ${run.runId}`, create).catch(unless(409))
  const start = (abortSignal: AbortSignal) => docker.getContainer(name).start({ abortSignal })
  await engineCall(`start the gateway of run ${run.runId}`, start, 3 * CALL_TIMEOUT_MS).catch(unless(304))
}

function gatewayLimits(): NonNullable<ContainerCreateOptions['HostConfig']> {
  const memory = 128 * 1024 ** 2
  return { NanoCpus: 1e9, Memory: memory, MemorySwap: memory, PidsLimit: 32 }
}

function mountOf(folder: string) {
  // Read-only keeps files from being made there; a socket can still be connected to.
  const options = { Type: 'bind' as const, ReadOnly: true, BindOptions: { Propagation: 'rprivate' as const } }
  return { ...options, Source: folder, Target: '/egress' }
}

async function removeGateway(docker: Docker, name: string): Promise<void> {
  const remove = () => docker.getContainer(name).remove({ force: true, v: true })
  await engineCall(`remove ${name}`, remove).catch(unless(404, 409))
}

function unless(...statuses: number[]): (error: unknown) => void {
  return (error) => {
    if (!statuses.includes(refusalOf(error) ?? 0)) throw error
  }
}
