import type { Config } from '../../config/config.ts'
import { machinesOf } from '../../config/machinesOf.ts'
import { checkToolkit } from '../../drivers/docker/checkToolkit.ts'
import { readGpus } from '../../facts/readGpus.ts'
import { type Check, check } from './check.ts'

const MIB = 1024 * 1024

/** GPUs as nvidia-smi tells them, and whether jobs may be given them. */
export async function checkGpu(searchPath: string, config: Config): Promise<Check[]> {
  const { gpus, problem } = await readGpus(searchPath)
  const given = checkGiven(
    config,
    gpus.map(({ uuid }) => uuid),
  )
  const about = {
    id: 'gpu',
    title: 'GPUs',
    purpose: 'They are what most buyers look for. Canonical jobs need none.',
  }
  if (gpus.length === 0 && problem === undefined) {
    return [check(about, { status: 'info', actual: 'none' }), ...given]
  }
  const names = gpus.map(
    ({ model, memoryBytes, driverVersion, cudaVersion, powerLimitW, powerLimits }) =>
      `${model}, ${Math.round(memoryBytes / MIB)} MiB, driver ${driverVersion}, CUDA ${cudaVersion ?? 'unknown'}` +
      (powerLimitW === undefined ? '' : `, ${powerLimitW} W of ${powerLimits?.maxW ?? '?'} W`),
  )
  const seen = check(about, {
    status: problem === undefined ? 'pass' : 'fail',
    actual: [...names, ...(problem === undefined ? [] : [problem])].join('; '),
    remediation: problem === undefined ? null : 'Run nvidia-smi; reload the driver or restart the machine.',
  })
  const needsToolkit = config.driver === 'docker' && gpus.length > 0
  return [seen, ...given, ...(needsToolkit ? [await toolkitCheck(searchPath)] : [])]
}

/** Which machine has which, where the configuration says. */
function checkGiven(config: Config, found: readonly string[]): Check[] {
  const machines = machinesOf(config).filter(({ gpus }) => gpus !== undefined)
  if (machines.length === 0) return []
  const missing = machines.flatMap(({ gpus }) => gpus ?? []).filter((uuid) => !found.includes(uuid))
  const parts = machines.map(({ name, share, gpus = [] }) => {
    const percent = `${Math.round(share * 1000) / 10} % of the host`
    return `${name || 'this machine'}: ${[percent, ...gpus].join(', ')}`
  })
  const about = {
    id: 'machines',
    title: 'Machines of this host',
    purpose: 'Each is sold with its own share and GPUs.',
  }
  const actual = parts.join('; ')
  if (missing.length === 0) return [check(about, { status: 'pass', actual })]
  const remediation = 'Correct "gpus" (nvidia-smi -L), or see why the GPU does not answer.'
  return [
    check(about, { status: 'fail', actual, required: `these GPUs here: ${missing.join(', ')}`, remediation }),
  ]
}

async function toolkitCheck(searchPath: string): Promise<Check> {
  const about = {
    id: 'gpu-toolkit',
    title: 'NVIDIA container toolkit',
    purpose: 'Known versions let a container become root on the host.',
  }
  const found = await checkToolkit(searchPath)
  if (found.safe) return check(about, { status: 'pass', actual: found.version })
  const remediation = 'Update the nvidia-container-toolkit package and restart Docker.'
  return check(about, { status: 'fail', actual: found.reason, required: 'no known escape', remediation })
}
