import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Moment } from '../../../client/src/engine/moment.ts'

const mortal = fileURLToPath(new URL('./mortal.ts', import.meta.url))
const PATIENCE_MS = 180_000

/** Runs the daemon until it is killed at a moment. Throws with its log if the moment does not come. */
export async function dieAt(config: string, moment: Moment): Promise<void> {
  const child = spawn(process.execPath, [mortal, config, moment], { stdio: ['pipe', 'ignore', 'pipe'] })
  const log = text(child.stderr)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGTERM')
  }, PATIENCE_MS)
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  clearTimeout(timer)
  if (signal === 'SIGKILL' && !isLate) return
  throw new Error(`"${moment}" did not come: ${(await log).split('\n').slice(-8).join('\n')}`)
}
