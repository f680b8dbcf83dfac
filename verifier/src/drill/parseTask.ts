import { OPERATIONS_PER_NUT } from '@trainyard/contracts/deploy/scoreParameters.ts'
import { InputInvalid } from '../errors.ts'
import { parseCanonicalJson } from '../json.ts'
import { type DrillTask, drillTaskSchema, operationsOf } from './task.ts'

const MAX_TASK_BYTES = 64 * 1024

/**
 * A task that somebody submitted, which pays `nut` nano-ut to each machine that agrees. Throws InputInvalid, for everybody
 * alike, also where it asks for more work than it pays: else a stranger could keep machines busy for nothing.
 */
export function parseTask(bytes: Uint8Array, nut: bigint): DrillTask {
  const task = parseCanonicalJson(bytes, drillTaskSchema, 'drilling task', MAX_TASK_BYTES)
  const operations = operationsOf(task)
  if (BigInt(Math.floor(operations / OPERATIONS_PER_NUT)) > nut) {
    throw new InputInvalid('drilling task', `${operations} operations for ${nut} nano-ut`)
  }
  return task
}
