import { tmpdir } from 'node:os'
import { SafetensorsInvalid } from '../canonical/safetensors.ts'
import { checkpointRoot } from '../checkpointRoot.ts'
import type { Hex } from '../hash/hex.ts'
import { JobFailed, ReplayUnavailable } from '../image/errors.ts'
import { imageReplay } from '../image/imageReplay.ts'
import type { ImageOutput } from '../image/replayFolder.ts'
import { type Replayer, runImageSync } from '../image/runImage.ts'
import type { ImageJob } from '../job.ts'
import { ImageNotRun } from './blocked.ts'
import { PATHS } from './paths.ts'
import type { BundleFiles } from './read.ts'
import type { Replayed } from './replayAll.ts'

const WINDOW_TIMEOUT_MS = 60 * 60_000

type StretchRun = { fromStep: number; output: ImageOutput } | { failed: string }

/**
 * The work of an image's job: each window runs in a container of its own, the first from the job's beginning, the
 * others from the bundle's checkpoints.
 */
export function imageWork(bundle: BundleFiles, job: ImageJob, replayer: Replayer | undefined) {
  const runs = new Map<number, StretchRun>()
  const run = (window: number): StretchRun => {
    const { bounds } = bundle.coverage()
    const found =
      runs.get(window) ?? runSegments(bundle, job, [bounds[window]!, bounds[window + 1]!], replayer)
    runs.set(window, found)
    return found
  }
  return {
    initialRoot(): Hex {
      const first = run(0)
      if ('failed' in first) throw new RangeError(first.failed)
      return checkpointRoot(first.output.checkpoints.get(0)!)
    },
    replays(): Replayed[] {
      const { bounds } = bundle.coverage()
      return bounds.slice(1).flatMap((_, window) => replaysOf(bundle, job, window, run(window)))
    },
    metrics(): Uint8Array | null {
      const { complete, bounds } = bundle.coverage()
      if (!complete) return null
      const last = run(bounds.length - 2)
      if ('failed' in last) throw new RangeError(last.failed)
      return last.output.metrics
    },
  }
}

/** Runs segments [first, end) of one window in one container, from the bundle's checkpoint before them. */
export function runSegments(
  bundle: BundleFiles,
  job: ImageJob,
  [first, end]: [number, number],
  replayer: Replayer | undefined,
): StretchRun {
  const leaves = bundle.leaves()
  const fromStep = leaves[first]!.firstStep
  const toStep = leaves[end - 1]!.lastStep
  if (!replayer) throw new ImageNotRun(job.environment.image)
  bundle.checkpoint(fromStep) // throws if it is no state at all
  const [train, heldOut] = [bundle.bytes(PATHS.train), bundle.bytes(PATHS.heldOut)]
  const before = fromStep === 0 && !job.resumeFrom ? null : bundle.bytes(PATHS.checkpoint(fromStep))
  const seeds = bundle.seeds()
  try {
    const stretch = { job, train, heldOut, seeds, before, fromStep, toStep }
    const limits = { parent: tmpdir(), timeoutMs: WINDOW_TIMEOUT_MS }
    return { fromStep, output: runImageSync(replayer, stretch, limits) }
  } catch (error) {
    if (error instanceof ReplayUnavailable) throw new ImageNotRun(job.environment.image, error.message)
    if (error instanceof JobFailed) return { failed: error.message }
    throw error
  }
}

/** After a segment that differs, nothing is known of the window's later ones. */
function replaysOf(bundle: BundleFiles, job: ImageJob, window: number, run: StretchRun): Replayed[] {
  const { bounds } = bundle.coverage()
  const leaves = bundle.leaves()
  const [data, seeds] = [bundle.train(), bundle.seeds()]
  const replays: Replayed[] = []
  let known = true
  for (let segment = bounds[window]!; segment < bounds[window + 1]!; segment++) {
    if ('failed' in run) replays.push({ unreplayed: run.failed })
    else if (!known) replays.push({ unreplayed: 'the state before it is not known' })
    else {
      const replay = replayOf({ job, data, seeds, segment, ...run })
      replays.push(replay)
      known = 'state' in replay && replay.stateRoot === leaves[segment]!.stateRootAfter
    }
  }
  return replays
}

/** What the image writes as a checkpoint may be none. */
function replayOf(args: Parameters<typeof imageReplay>[0]): Replayed {
  try {
    return imageReplay(args)
  } catch (error) {
    if (error instanceof SafetensorsInvalid) return { unreplayed: error.message }
    throw error
  }
}
