import { spawnSync } from 'node:child_process'
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type ImageOutput, readReplay } from '@trainyard/verifier/image/replayFolder.ts'
import type { ImageJob } from '@trainyard/verifier/job.ts'
import { HELPER_DIR } from '../../client/src/images/torch/buildTorchImage.ts'
import { chargptData } from '../../yard/src/sample/chargptData.ts'

const TIMEOUT_MS = 1_200_000
const FILES = chargptData()

/** Kernels and threads that PyTorch uses, and in how many parts it adds a batch up; the image pins the first. */
export type TorchMachine = { name: string; kernels: keyof typeof KERNELS; threads: number; parts: number }
export const PINNED: TorchMachine = { name: 'SSE4.1, one thread', kernels: 'SSE41', threads: 1, parts: 1 }

const KERNELS = {
  SSE41: { aten: 'default', dnnl: 'SSE41', blas: 'Prescott' },
  AVX: { aten: 'default', dnnl: 'AVX', blas: 'Sandybridge' },
  AVX2: { aten: 'avx2', dnnl: 'AVX2', blas: 'Haswell' },
  AVX512: { aten: 'avx512', dnnl: 'AVX512_CORE', blas: 'SkylakeX' },
} as const

export type Task = {
  job: ImageJob
  seeds: readonly string[]
  train?: Uint8Array
  before?: Uint8Array
  fromStep: number
  toStep: number
}

/** Runs stretches of the PyTorch sample in one container, on a machine of that kind, and reads what each left. */
export function runTorch(
  imageId: string,
  machine: TorchMachine,
  tasks: readonly Task[],
  parent: string,
): ImageOutput[] {
  const dir = mkdtempSync(join(parent, 'torch-'))
  try {
    mkdirSync(join(dir, 'tasks'))
    for (const name of ['train', 'heldOut'] as const)
      writeFileSync(join(dir, `${name}.safetensors`), FILES[name])
    const folders = tasks.map((task, i) =>
      writeTask(join(dir, 'tasks', String(i).padStart(5, '0')), dir, task),
    )
    const trainer = join(dir, 'trainer')
    cpSync(HELPER_DIR, trainer, { recursive: true })
    writeFileSync(join(trainer, 'trainyard.py'), unpinned(machine))
    cpSync(join(import.meta.dirname, 'replayMany.py'), join(dir, 'replayMany.py'))
    const mounts = [
      '-v',
      `${trainer}:/trainer:ro`,
      '-v',
      `${dir}:/bench`,
      '-e',
      `BENCH_THREADS=${machine.threads}`,
      '-e',
      `BENCH_PARTS=${machine.parts}`,
    ]
    const program = [
      '--entrypoint',
      '/usr/bin/python3',
      imageId,
      '-I',
      '-B',
      '/bench/replayMany.py',
      '/bench/tasks',
    ]
    const ended = spawnSync(
      'docker',
      ['run', '--rm', '--user', '0:0', '--network', 'none', ...mounts, ...program],
      {
        encoding: 'utf8',
        timeout: TIMEOUT_MS,
        maxBuffer: 2 ** 26,
      },
    )
    if (ended.status !== 0)
      throw new Error(`the container ended with ${ended.status}: ${ended.stderr.slice(-500)}`)
    return tasks.map(({ job, seeds, fromStep, toStep }, i) =>
      readReplay({ job, ...FILES, seeds, before: null, fromStep, toStep }, folders[i]!),
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function unpinned({ kernels }: TorchMachine): string {
  const { aten, dnnl, blas } = KERNELS[kernels]
  const wanted = { ATEN_CPU_CAPABILITY: aten, DNNL_MAX_CPU_ISA: dnnl, OPENBLAS_CORETYPE: blas }
  let text = readFileSync(join(HELPER_DIR, 'trainyard.py'), 'utf8')
  for (const [name, value] of Object.entries(wanted)) {
    const changed = text.replace(new RegExp(`"${name}": "[^"]*"`), `"${name}": "${value}"`)
    if (!changed.includes(`"${name}": "${value}"`)) throw new Error(`trainyard.py pins no ${name}`)
    text = changed
  }
  return text
}

/** Job folders whose output is where readReplay looks; data files are shared. */
function writeTask(
  path: string,
  shared: string,
  { job, seeds, train = FILES.train, before, fromStep, toStep }: Task,
): string {
  const write = (name: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), bytes)
  }
  write('spec.json', JSON.stringify(job))
  write('range', `${fromStep} ${toStep}`)
  seeds.forEach((seed, window) => {
    write(`in/windows/${window}.json`, JSON.stringify({ seed }))
  })
  if (before) write('in/checkpoint/state.safetensors', before)
  mkdirSync(join(path, 'data'))
  linkSync(join(shared, 'heldOut.safetensors'), join(path, 'data', 'heldOut.safetensors'))
  if (train === FILES.train)
    linkSync(join(shared, 'train.safetensors'), join(path, 'data', 'train.safetensors'))
  else write('data/train.safetensors', train)
  symlinkSync('out', join(path, 'collected')) // where readReplay looks
  return path
}
