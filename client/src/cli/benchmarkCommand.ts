import { appendFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import packageJson from '../../package.json' with { type: 'json' }
import { benchmarksFile } from '../api/createBenchmarkReader.ts'
import { readConfig } from '../config/readConfig.ts'
import { readMachineFacts } from '../facts/readMachineFacts.ts'
import type { Figure } from './benchmark/figure.ts'
import { measureDisk } from './benchmark/measureDisk.ts'
import { measureHashing } from './benchmark/measureHashing.ts'
import { measureMatrix } from './benchmark/measureMatrix.ts'
import { measureMemory } from './benchmark/measureMemory.ts'
import { measureStore } from './benchmark/measureStore.ts'
import { measureTraining } from './benchmark/measureTraining.ts'
import type { SellerOptions } from './options.ts'
import type { Rim } from './rim.ts'

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin'
const NOTE =
  'Measured on this machine by its owner and proved to nobody. It is not the score that the chain keeps of a machine: for that set score = "on" in the configuration.'

/**
 * Measures this machine, prints the figures and adds them, with the date, to benchmarks.jsonl beside the journal: the daemon
 * shows the last of them to whoever asks.
 */
export async function benchmarkCommand(options: SellerOptions, rim: Rim): Promise<void> {
  const config = await readConfig(options.config, rim.env)
  const { dataDir, store } = config
  const say = rim.say(options)
  const tellNow = (what: string) => say.progress({ event: 'measuring', what }, `Measuring ${what} ...`)
  const loadBefore = loadavg()[0] ?? 0
  tellNow('training')
  const figures: Figure[] = [measureTraining()]
  tellNow('matrix products')
  figures.push(measureMatrix())
  tellNow('memory')
  figures.push(measureMemory())
  tellNow('hashing')
  figures.push(measureHashing())
  tellNow('the disk')
  figures.push(await measureDisk(dataDir))
  tellNow('the store')
  const stored = await measureStore(store).catch((error: Error) => error)
  if (!(stored instanceof Error)) figures.push(...stored)
  const { facts } = await readMachineFacts({ dataDir, searchPath: rim.env.PATH ?? SYSTEM_PATH })
  const result = {
    measuredAt: new Date().toISOString(),
    trainyard: packageJson.version,
    node: process.versions.node,
    note: NOTE,
    loadBefore: Number(loadBefore.toFixed(2)),
    machine: facts,
    figures,
    leftOut: stored instanceof Error ? [stored.message] : [],
  }
  const file = benchmarksFile(dataDir)
  await appendFile(file, `${JSON.stringify(result)}\n`)
  const lines = figures.map(
    ({ what, median, lowest, highest, unit }) => `${median} ${unit}  (${lowest} to ${highest})  ${what}`,
  )
  const left = result.leftOut.map((reason) => `left out: ${reason}`)
  const last = `Written to ${file}. ${NOTE}`
  say.answer(result, [...lines, ...left, last].join('\n'))
}
