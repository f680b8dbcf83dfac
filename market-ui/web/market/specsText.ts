import type { Machine } from '../../server/api/schemas.ts'

const GIB = 1024 ** 3

/** Bytes in GiB, whole from 10 on. */
export const formatGib = (bytes: number): string => {
  const gib = bytes / GIB
  return `${gib.toLocaleString('en', { maximumFractionDigits: gib < 10 ? 1 : 0 })}\u00a0GiB`
}

/** "2 x H200, 139 GiB" for machines with GPUs; undefined without. */
export const gpuText = ({ specs }: Machine): string | undefined => {
  const first = specs?.gpus[0]
  if (specs === null || first === undefined) return undefined
  const count = specs.gpus.length > 1 ? `${specs.gpus.length} x ` : ''
  return `${count}${first.model}, ${formatGib(first.memoryBytes)}`
}

/** What a machine is, in a line. */
export const specsText = (machine: Machine): string => {
  const { specs } = machine
  if (specs === null) return 'specification not in this store'
  const processor = `${specs.cpu.brand || 'processor'}, ${specs.cpu.cores} threads, ${formatGib(specs.memoryBytes)} memory`
  const gpus = gpuText(machine)
  return gpus ? `${gpus}; ${processor}` : processor
}
