import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const recordSchema = z.strictObject({
  orderId: z.string(),
  runId: z.string(),
  output: z.string(),
  memoryBytes: z.number(),
  diskBytes: z.number(),
  process: z.strictObject({ pid: z.int().positive(), startTicks: z.string(), bootId: z.string() }),
})
const endSchema = z.strictObject({ exitCode: z.int(), oomKilled: z.boolean() })

/** What a daemon that comes later needs to know about a run. */
export type RunRecord = z.infer<typeof recordSchema>
export type RunEnd = z.infer<typeof endSchema>

export function writeRecord(folder: string, record: RunRecord): void {
  writeAtomically(join(folder, 'run.json'), record)
}

export function readRecord(folder: string): RunRecord | undefined {
  return recordSchema.safeParse(readJson(join(folder, 'run.json'))).data
}

export function writeEnd(folder: string, end: RunEnd): void {
  writeAtomically(join(folder, 'exit.json'), end)
}

/** Undefined when nobody was there to see the run end. */
export function readEnd(folder: string): RunEnd | undefined {
  return endSchema.safeParse(readJson(join(folder, 'exit.json'))).data
}

function writeAtomically(path: string, value: unknown): void {
  writeFileSync(`${path}.tmp`, JSON.stringify(value), { flush: true })
  renameSync(`${path}.tmp`, path)
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
