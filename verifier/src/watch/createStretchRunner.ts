import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ReplayUnavailable, RunNotDone } from '../image/errors.ts'
import type { ImageOutput, ImageRun } from '../image/replayFolder.ts'
import { type Replayer, runImage } from '../image/runImage.ts'
import { canonicalBytes } from '../json.ts'
import type { RunStretch } from './rerun.ts'

const LONGEST_RUN_MS = 60 * 60_000
const SHORTEST_WAIT_MS = 2_000

/** Where an auditor makes the job folders of replays. */
export function replaysIn(dataDir: string): string {
  return join(dataDir, 'replays')
}

/**
 * Runs images with a command. Waits until `giveUpAtMs` (this machine's clock) and says then that a run is not done;
 * it goes on, and `runs` keeps it for the next try. Without a command nothing can be run.
 */
export function createStretchRunner(args: {
  replayer: Replayer | undefined
  /** where job folders are made */
  parent: string
  runs: Map<string, Promise<ImageOutput>>
  giveUpAtMs: number
}): RunStretch {
  const { replayer, parent, runs, giveUpAtMs } = args
  return async (run) => {
    if (!replayer) throw new ReplayUnavailable('this auditor has no replayer in its configuration')
    const key = keyOf(run)
    const output = runs.get(key) ?? runImage(replayer, run, { parent, timeoutMs: LONGEST_RUN_MS })
    runs.set(key, output)
    // What failed is tried again.
    output.catch(() => runs.delete(key))
    return Promise.race([output, tooLate(Math.max(giveUpAtMs - Date.now(), SHORTEST_WAIT_MS))])
  }
}

async function tooLate(ms: number): Promise<never> {
  await sleep(ms, undefined, { ref: false })
  throw new RunNotDone()
}

function keyOf({ job, seeds, before, fromStep, toStep }: ImageRun): string {
  const hash = createHash('sha256').update(canonicalBytes({ job, seeds, fromStep, toStep }))
  return hash.update(before ?? 'beginning').digest('hex')
}
