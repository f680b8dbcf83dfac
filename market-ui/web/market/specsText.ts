import type { Machine } from '../../server/api/machineSchemas.ts'

const GIB = 1024 ** 3

const [small, large] = [1, 0].map(
  (maximumFractionDigits) => new Intl.NumberFormat('en', { maximumFractionDigits }),
) as [Intl.NumberFormat, Intl.NumberFormat]

/** Bytes in GiB, whole from 10 on. */
export const formatGib = (bytes: number): string => {
  const gib = bytes / GIB
  return `${(gib < 10 ? small : large).format(gib)}\u00a0GiB`
}

/** "2 x H200, 139 GiB" for machines with GPUs; undefined without. */
const gpuText = ({ specs }: Pick<Machine, 'specs'>): string | undefined => {
  if (specs === null || specs.gpus.length === 0) return undefined
  return specs.gpus
    .map(
      ({ count, model, memoryBytes }) =>
        `${count > 1 ? `${count} x ` : ''}${model}, ${formatGib(memoryBytes)}`,
    )
    .join('; ')
}

const hostText = ({ cpu, memoryBytes }: NonNullable<Machine['specs']>): string =>
  `${cpu.brand || 'processor'}, ${cpu.cores} threads, ${formatGib(memoryBytes)} memory`

/** What a machine is, in a line. */
export const specsText = ({ specs }: Pick<Machine, 'specs'>): string => {
  if (specs === null) return 'specification not in this store'
  return [gpuText({ specs }), hostText(specs)].filter(Boolean).join('; ')
}

/** The same in three lines: what trains, what drives it, and where it stands. */
export const specsLines = ({ specs }: Pick<Machine, 'specs'>): [string, string, string] => {
  if (specs === null) return ['specification not in this store', '', '']
  const gpus = gpuText({ specs })
  const place = [specs.region ?? 'region not said', `${formatGib(specs.diskBytes)} disk`].join(' · ')
  if (gpus === undefined)
    return [
      specs.cpu.brand || 'processor',
      `${specs.cpu.cores} threads, ${formatGib(specs.memoryBytes)}`,
      place,
    ]
  const [{ driverVersion, cudaVersion }] = specs.gpus as [(typeof specs.gpus)[number]]
  return [
    gpus.replaceAll('NVIDIA ', ''),
    `driver ${driverVersion ?? 'unknown'} · CUDA ${cudaVersion ?? 'unknown'}`,
    place,
  ]
}
