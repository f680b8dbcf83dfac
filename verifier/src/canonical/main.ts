import { runJob } from './runJob.ts'

/** Exit code of a run that can be resumed (EX_TEMPFAIL of sysexits). */
const RESUMABLE = 75

const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
process.on('SIGINT', () => stop.abort())
if (process.env.TRAINYARD_PARENT_PIPE === '1') {
  process.stdin.on('close', () => process.exit(process.exitCode ?? RESUMABLE))
  process.stdin.resume()
}

try {
  const end = await runJob({
    dir: process.argv[2] ?? '/job',
    fromStep: stepOf(process.env.TRAINYARD_FROM_STEP) ?? 0,
    toStep: stepOf(process.env.TRAINYARD_TO_STEP),
    signal: stop.signal,
    log: (line) => process.stdout.write(`${line}\n`),
  })
  process.stdout.write(`${end}\n`)
  process.exitCode = end === 'done' ? 0 : RESUMABLE
} catch (error) {
  process.stderr.write(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`)
  process.exitCode = 1
}
process.stdin.destroy()

function stepOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  if (!/^\d{1,8}$/.test(text)) throw new RangeError('TRAINYARD_FROM_STEP and _TO_STEP must be whole numbers')
  return Number(text)
}
