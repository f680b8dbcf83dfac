import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { JobFailed, ReplayUnavailable } from './errors.ts'
import { type ImageOutput, type ImageRun, openReplayFolder, readReplay } from './replayFolder.ts'

/**
 * A program and its first arguments. It is given `--job FOLDER --out FOLDER --from STEP --to STEP`, runs the image that
 * the folder's spec.json names, and copies what the job wrote to --out as plain files. It exits with 0, with 65 if the
 * job itself refuses that state, or with anything else if it could not be run. `client/src/images/torch/cli.ts replay`
 * is one. With `--parent-pipe` too, it ends what it runs when its stdin closes.
 */
export type Replayer = readonly [string, ...string[]]

const JOB_FAILED = 65
const MAX_WORDS = 300

/** Runs a job's image and waits for it, blocking. Throws JobFailed and ReplayUnavailable. */
export function runImageSync(
  replayer: Replayer,
  run: ImageRun,
  limits: { parent: string; timeoutMs: number },
): ImageOutput {
  const folder = openReplayFolder(run, limits.parent)
  try {
    const [program, ...args] = commandOf(replayer, run, folder.path)
    const { status, error, stderr } = spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: limits.timeoutMs,
      encoding: 'utf8',
    })
    if (error) throw new ReplayUnavailable(error.message)
    requireDone(status, stderr)
    return readReplay(run, folder.path)
  } finally {
    folder.remove()
  }
}

/** As runImageSync, without blocking. */
export async function runImage(
  replayer: Replayer,
  run: ImageRun,
  limits: { parent: string; timeoutMs: number },
): Promise<ImageOutput> {
  const folder = openReplayFolder(run, limits.parent)
  try {
    const [program, ...args] = commandOf(replayer, run, folder.path)
    const child = spawn(program, [...args, '--parent-pipe'], {
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: limits.timeoutMs,
    })
    child.stdin.on('error', () => {}) // the pipe only tells the child that we live; it may be gone first
    let words = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = `${words}${text}`.slice(-4_096)
    })
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) => reject(new ReplayUnavailable(error.message))).once('close', resolve)
    })
    requireDone(status, words)
    return readReplay(run, folder.path)
  } finally {
    folder.remove()
  }
}

function commandOf([program, ...first]: Replayer, run: ImageRun, path: string): [string, ...string[]] {
  const folders = ['--job', join(path, 'job'), '--out', join(path, 'collected')]
  return [program, ...first, ...folders, '--from', String(run.fromStep), '--to', String(run.toStep)]
}

function requireDone(status: number | null, stderr: string): void {
  if (status === 0) return
  if (status === null) throw new ReplayUnavailable('it took too long, or was stopped')
  const words = stderr.trim().split('\n').at(-1)?.slice(0, MAX_WORDS) || `exit code ${status}`
  throw status === JOB_FAILED ? new JobFailed(words) : new ReplayUnavailable(words)
}
