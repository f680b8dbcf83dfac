import { z } from 'zod'
import { InputInvalid } from '../errors.ts'
import { parseJson } from '../json.ts'
import { type DrillTask, drillTaskSchema } from './task.ts'

const MAX_BYTES = 16 * 1024 * 1024
const MAX_TASKS = 1_000
const tasksSchema = z.union([drillTaskSchema.transform((task) => [task]), z.array(drillTaskSchema).min(1)])

/**
 * Tasks as people and programs write them: JSON of one, or of an array. With `shard` each is cut into tasks of at most so
 * many samples. Throws InputInvalid.
 */
export function readTasks(bytes: Uint8Array, shard: number = Number.POSITIVE_INFINITY): DrillTask[] {
  const tasks = parseJson(bytes, tasksSchema, 'drilling tasks', MAX_BYTES).flatMap((task) => cut(task, shard))
  if (tasks.length <= MAX_TASKS) return tasks
  throw new InputInvalid('drilling tasks', `${tasks.length} of them where at most ${MAX_TASKS} go at once`)
}

function cut(task: DrillTask, shard: number): DrillTask[] {
  const parts: DrillTask[] = []
  const end = task.first + task.count
  for (let first = task.first; first < end; first += shard) {
    parts.push({ ...task, first, count: Math.min(shard, end - first) })
  }
  return parts
}
