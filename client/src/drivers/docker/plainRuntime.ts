import type Docker from 'dockerode'
import { engineCall } from './engineCall.ts'

/**
 * The runtime to name for every container: none where the engine's own is good (an operator may have chosen
 * gVisor), runc where it is NVIDIA's, which reads variables of the image. GPUs come by device request either way.
 */
export async function plainRuntime(docker: Docker): Promise<{ Runtime?: string }> {
  const info = await engineCall('read the Docker facts', () => docker.info())
  const { DefaultRuntime } = info as { DefaultRuntime?: string }
  return DefaultRuntime?.startsWith('nvidia') ? { Runtime: 'runc' } : {}
}
