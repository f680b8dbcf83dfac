import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'
import { jobSchedule } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import type { SegmentLeaf } from '@trainyard/verifier/segment.ts'
import type { World } from '../../test/verifier/redteam/world.ts'

/** How a Node process is run: flags of its engine, and the core that it is kept on. */
export type Setting = { name: string; flags: string[]; core?: number }

const trainer = join(import.meta.dirname, '..', '..', 'verifier', 'src', 'canonical', 'main.ts')

/** Runs a script with Node under a setting. @returns what it prints */
export async function runNode(setting: Setting, script: string, args: string[]): Promise<string> {
  const command = [process.execPath, ...setting.flags, script, ...args]
  const [file, ...rest] =
    setting.core === undefined ? command : ['taskset', '-c', `${setting.core}`, ...command]
  const child = spawn(file!, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${script} under ${setting.name} exited with ${code}`)
  return text
}

/**
 * Trains a world's job in a process of its own by the job contract, as the process driver does, and claims every segment
 * as the daemon does. @returns the folder, with `leaves.json` in it
 */
export async function trainFolder(world: World, setting: Setting): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-bench-'))
  for (const sub of ['data', 'in/windows', 'out']) mkdirSync(join(folder, sub), { recursive: true })
  writeFileSync(join(folder, 'spec.json'), canonicalBytes(world.job))
  writeFileSync(join(folder, 'data', 'train.safetensors'), world.files.train)
  writeFileSync(join(folder, 'data', 'heldOut.safetensors'), world.files.heldOut)
  world.seeds.forEach((seed, i) => {
    writeFileSync(join(folder, 'in', 'windows', `${i}.json`), JSON.stringify({ seed }))
  })
  await runNode(setting, trainer, [folder])
  writeFileSync(join(folder, 'seeds.json'), JSON.stringify(world.seeds))
  writeFileSync(join(folder, 'leaves.json'), JSON.stringify(leavesOf(world, folder)))
  return folder
}

function leavesOf({ job, data, seeds, orderId, beacons }: World, folder: string): SegmentLeaf[] {
  const schedule = jobSchedule(job)
  const lines = readFileSync(join(folder, 'out', 'progress.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
  const inner = lines.map((line): InnerStep => {
    const { lossBits, gradNormBits } = JSON.parse(line) as { lossBits: number; gradNormBits: number }
    return [lossBits, gradNormBits]
  })
  const checkpoint = (step: number) => {
    return new Uint8Array(readFileSync(join(folder, 'out', 'checkpoints', `${step}`, 'state.safetensors')))
  }
  let stateRootBefore = checkpointRoot(checkpoint(0))
  return Array.from({ length: schedule.segments }, (_, segment) => {
    const { first, end } = schedule.segmentSteps(segment)
    const beaconRound = beacons[schedule.windowOfSegment(segment)]!.position
    const place = { orderId, seller: `0x${'11'.repeat(20)}` as Hex, segment, stateRootBefore, beaconRound }
    const done = { after: checkpoint(end), inner: inner.slice(first, end) }
    const leaf = buildLeaf({ job, data, seeds, ...place, ...done })
    stateRootBefore = leaf.stateRootAfter
    return leaf
  })
}
