import type { ContainerCreateOptions } from 'dockerode'
import { DriverError } from '../driverErrors.ts'

/** As NVIDIA writes it, of a GPU or of a MIG part of one. An index or "all" could mean another device. */
const UUID = /^(GPU|MIG)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The engine's request for exactly these GPUs. Errors: DriverError when one is not named by its UUID. */
export function gpuRequests(uuids: readonly string[]): NonNullable<ContainerCreateOptions['HostConfig']> {
  if (uuids.length === 0) return {}
  const bad = uuids.find((uuid) => !UUID.test(uuid))
  if (bad !== undefined) {
    throw new DriverError(`"${bad.slice(0, 80)}" is not the UUID of a GPU`, 'Take it from nvidia-smi -L.')
  }
  return {
    DeviceRequests: [
      { Driver: 'nvidia', DeviceIDs: [...uuids], Capabilities: [['gpu', 'compute', 'utility']] },
    ],
  }
}
