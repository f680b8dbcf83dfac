import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sample } from '@trainyard/verifier/benchmark/program/runBenchmark.ts'
import { z } from 'zod'
import type { Driver, RunSpec } from '../drivers/driver.ts'
import { readOutputFile } from '../drivers/readOutputFile.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'

const POLL_MS = 500
const MAX_RESULT_BYTES = 64 * 1024
/** Of starting a container, filling memory, and measuring disk and memory. */
const GRACE_MS = 120_000
const OPENING_MS = 120_000
/** How long the run keeps its states for auditors. */
const WAIT_MS = 15 * 60_000
const MAX_LOG_LINES = 100
const MIB = 2 ** 20
/** Of the memory that a run may use: the program itself and its products need the rest. */
const FILLED_SHARE = 0.5

const count = z
  .int()
  .min(0)
  .max(2 ** 32 - 1)
const root = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((hex) => `0x${hex}`)
/** What a benchmark's program says: not trusted more than any job, since it runs in an image. */
const resultSchema = z.object({
  ...{ size: count, products: count, memoryMiB: count, root },
  precisions: z
    .array(z.object({ precision: z.int().min(0).max(3), products: count, root, gflops: count }))
    .max(4),
  ...{ memoryMBPerSecond: count, diskMBPerSecond: count, clockMHz: count },
  driver: z.string().max(120),
})

export type Measured = z.infer<typeof resultSchema>
export type Samples = { samples: Sample[]; precisions: Sample[][] }

/** What a benchmark runs in: the driver of the machine's jobs, with a job's limits and folder. */
export type MeasuringPlace = {
  driver: Driver
  limits: RunSpec['limits']
  /** What its run ids begin with: whatever else begins so was left by a crash. */
  prefix: string
  dir: string
  /** Image and GPUs to measure with, instead of the canonical image. */
  image?: string | undefined
  gpus?: readonly string[]
}

export type Measuring = ReturnType<typeof createMeasuring>

/**
 * Measures one machine as its jobs run: in a container of the standard image, or a confined process. One benchmark at a
 * time; its run lives until its samples are opened, since it has the states.
 */
export function createMeasuring(place: MeasuringPlace) {
  const { driver, limits, prefix, dir, image, gpus } = place
  let current: { runId: string; isOpenable: boolean } | undefined
  let begun = 0

  const clear = async () => {
    current = undefined
    for (const runId of await driver.list()) {
      if (runId.startsWith(prefix)) await driver.remove(runId)
    }
    await rm(dir, { recursive: true, force: true })
  }

  /** Undefined: it was dropped meanwhile. */
  const start = async (spec: object) => {
    await clear()
    for (const part of ['data', 'in', 'out']) await mkdir(join(dir, part), { recursive: true, mode: 0o755 })
    await writeFile(join(dir, 'spec.json'), JSON.stringify(spec), { mode: 0o644 })
    const runId = `${prefix}${Date.now()}-${begun++}`
    current = { runId, isOpenable: false }
    const isDropped = () => current?.runId !== runId
    const run = { orderId: 'benchmark', runId, jobDir: dir, fromStep: 0, toStep: 0, limits } as const
    const how = { program: 'benchmark', ...(image === undefined ? {} : { image, gpus: gpus ?? [] }) } as const
    await driver.start({ ...run, ...how }).catch((error: unknown) => {
      if (!isDropped()) throw error
    })
    if (!isDropped()) return runId
    await driver.remove(runId)
    return undefined
  }

  /** The file, once the run has written it; undefined when the run is dropped. Throws if it ends without. */
  const output = async (runId: string, name: string, maxBytes: number, withinMs: number) => {
    const untilMs = performance.now() + withinMs
    for (;;) {
      if (current?.runId !== runId) return undefined
      const state = await driver.inspect(runId)
      const bytes = await readOutputFile(dir, name, maxBytes).catch(() => undefined)
      if (current?.runId !== runId) return undefined
      if (bytes) return bytes
      if (state.kind !== 'running')
        throw new Error(`The benchmark ended without ${name}.${await lastWords(runId)}`)
      if (performance.now() > untilMs) throw new Error(`The benchmark wrote no ${name} in time.`)
      await delay(POLL_MS)
    }
  }

  const lastWords = async (runId: string) => {
    const lines: string[] = []
    const take = ({ line }: { line: string }) => void (lines.length < MAX_LOG_LINES && lines.push(line))
    await driver.logs(runId, 0, take, AbortSignal.timeout(2_000)).catch(() => undefined)
    const words = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)
    return words === undefined ? '' : ` Its last words: ${words.slice(0, 200)}`
  }

  return {
    /** Undefined: it was dropped. */
    async measure(task: { seed: string; milliseconds: number }): Promise<Measured | undefined> {
      const maxMemoryMiB = Math.max(1, Math.floor((limits.memoryBytes * FILLED_SHARE) / MIB))
      const runId = await start({ ...task, maxMemoryMiB, waitMilliseconds: WAIT_MS })
      if (runId === undefined) return undefined
      const bytes = await output(runId, 'result.json', MAX_RESULT_BYTES, task.milliseconds + GRACE_MS)
      if (!bytes || current?.runId !== runId) return undefined
      current.isOpenable = true
      return resultSchema.parse(JSON.parse(bytes.toString('utf8')))
    },
    /** Evidence for auditors, of what was measured last; the run ends with it. Undefined: it was dropped. */
    async open(samples: Samples, maxBytes: number): Promise<Uint8Array | undefined> {
      if (!current?.isOpenable) return undefined
      const { runId } = current
      await writeFileAtomic(join(dir, 'in', 'samples.json'), JSON.stringify(samples))
      const bytes = await output(runId, 'evidence.json', maxBytes, OPENING_MS)
      await clear()
      return bytes
    },
    /** Ends a benchmark that still multiplies, at once; one that only waits to be opened goes on. */
    async drop(): Promise<void> {
      if (!current || current.isOpenable) return
      const { runId } = current
      current = undefined
      await driver.remove(runId)
    },
    stop: clear,
  }
}
