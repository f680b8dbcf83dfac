import { checkToolkit } from '../../drivers/docker/checkToolkit.ts'
import { readGpus } from '../../facts/readGpus.ts'
import { type Check, check } from './check.ts'

const MIB = 1024 * 1024

/** GPUs as nvidia-smi tells them, and whether jobs may be given them. */
export async function checkGpu(searchPath: string, driver: 'docker' | 'process'): Promise<Check[]> {
  const { gpus, problem } = await readGpus(searchPath)
  const about = {
    id: 'gpu',
    title: 'GPUs',
    purpose: 'They are what most buyers look for. Canonical jobs need none.',
  }
  if (gpus.length === 0 && problem === undefined) return [check(about, { status: 'info', actual: 'none' })]
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
  return driver === 'docker' && gpus.length > 0 ? [seen, await toolkitCheck(searchPath)] : [seen]
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
