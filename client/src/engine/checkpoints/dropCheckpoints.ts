import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plan } from '../../order/plan.ts'
import type { OrderPaths } from '../orderPaths.ts'

/** Deletes an order's checkpoints of steps before fromStep, but each window's first: the others follow from those. */
export async function dropCheckpoints(
  { checkpoints }: Pick<OrderPaths, 'checkpoints'>,
  plan: Plan,
  fromStep: number,
): Promise<void> {
  const stepsPerWindow = plan.stepsPerSegment * plan.segmentsPerWindow
  for (const name of await readdir(checkpoints).catch((): string[] => [])) {
    const step = Number(/^(\d+)\.safetensors$/.exec(name)?.[1] ?? Number.NaN)
    if (step < fromStep && step % stepsPerWindow !== 0) await rm(join(checkpoints, name), { force: true })
  }
}
