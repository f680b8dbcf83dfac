// Measures this machine inside a job's container: node main.ts [FOLDER]. The folder is a job's: spec.json says what to
// multiply and for how long; out/result.json has what came of it; then it waits for in/samples.json, and writes out/evidence.json.
import { existsSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { measureCopies, measureWrites } from './measureHost.ts'
import { type BenchmarkRun, runBenchmark, type Sample } from './runBenchmark.ts'
import { matricesIn } from './workload.ts'
import { writeWhole } from './writeWhole.ts'

const SIZE = 256
/** Products after which the memory's size is chosen, from how long they took. */
const TRIED = 8
/** Of the time: filling memory takes at most that much. */
const FILLING_SHARE = 1 / 3
const POLL_MS = 50

type Spec = { seed: string; milliseconds: number; waitMilliseconds: number; maxMemoryMiB: number }

const folder = process.argv[2] ?? '/job'
if (process.env.TRAINYARD_PARENT_PIPE === '1') {
  process.stdin.on('close', () => process.exit(process.exitCode ?? 1))
  process.stdin.resume()
}
const spec = JSON.parse(readFileSync(join(folder, 'spec.json'), 'utf8')) as Spec
const measured = measure(spec)
writeWhole(join(folder, 'out', 'result.json'), JSON.stringify(resultOf(measured, folder)))
await serveSamples(measured.run)
process.stdin.destroy()

function measure({ seed, milliseconds, maxMemoryMiB }: Spec): { run: BenchmarkRun; memoryMiB: number } {
  const startMs = performance.now()
  const elapsed = () => performance.now() - startMs
  let memoryMiB = 1
  const choose = () => {
    const productMs = elapsed() / TRIED
    const fillable = (milliseconds * FILLING_SHARE) / productMs / matricesIn(1, SIZE)
    memoryMiB = Math.max(1, Math.min(Math.floor(fillable), maxMemoryMiB))
    return matricesIn(memoryMiB, SIZE)
  }
  const leastProducts = () => 2 * matricesIn(memoryMiB, SIZE)
  const run = runBenchmark(
    { size: SIZE, seed },
    { after: TRIED, choose },
    (products) => products > TRIED && products >= leastProducts() && elapsed() >= milliseconds,
  )
  return { run, memoryMiB }
}

function resultOf({ run, memoryMiB }: { run: BenchmarkRun; memoryMiB: number }, dir: string) {
  return {
    ...{ size: SIZE, products: run.products, memoryMiB, root: Buffer.from(run.root).toString('hex') },
    precisions: [],
    memoryMBPerSecond: Math.round(measureCopies()),
    diskMBPerSecond: Math.round(measureWrites(join(dir, 'out', 'disk.tmp'))),
    clockMHz: cpus()[0]?.speed ?? 0,
    driver: `node ${process.versions.node}`,
  }
}

/** Waits for the samples, as long as the spec says, and opens them. */
async function serveSamples(run: BenchmarkRun): Promise<void> {
  const path = join(folder, 'in', 'samples.json')
  const untilMs = performance.now() + spec.waitMilliseconds
  while (!existsSync(path)) {
    if (performance.now() > untilMs) return
    await delay(POLL_MS)
  }
  const samples = JSON.parse(readFileSync(path, 'utf8')) as { samples: Sample[] }
  const evidence = { version: 2, openings: samples.samples.map(run.open), precisions: [] }
  writeWhole(join(folder, 'out', 'evidence.json'), JSON.stringify(evidence, base64))
}

function base64(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
