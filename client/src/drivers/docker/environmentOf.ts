import { FORWARDER_PORT } from '../../egress/forwarder.ts'
import type { RunSpec } from '../driver.ts'
import type { ImageTraits } from './imageTraits.ts'

/** The environment of a run on top of the image's own. A name without "=" takes the image's variable out. */
export function environmentOf(run: RunSpec, traits: ImageTraits): string[] {
  return [
    `TRAINYARD_FROM_STEP=${run.fromStep}`,
    `TRAINYARD_TO_STEP=${run.toStep}`,
    ...traits.unsafeEnv.filter((name) => name !== 'NVIDIA_VISIBLE_DEVICES'),
    // Whichever runtime the host has: these GPUs, or none. The engine sets the same for a device request.
    `NVIDIA_VISIBLE_DEVICES=${run.gpus?.length ? run.gpus.join(',') : 'void'}`,
    ...(run.egress?.length ? proxyVariables() : []),
  ]
}

function proxyVariables(): string[] {
  const proxy = `http://127.0.0.1:${FORWARDER_PORT}`
  return [
    `HTTPS_PROXY=${proxy}`,
    `https_proxy=${proxy}`,
    'NO_PROXY=localhost,127.0.0.1',
    'no_proxy=localhost,127.0.0.1',
    // Node's fetch heeds the variables above only with this.
    'NODE_USE_ENV_PROXY=1',
  ]
}
