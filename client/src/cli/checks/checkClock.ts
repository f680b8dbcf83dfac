import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Check, check } from './check.ts'

const TIMEOUT_MS = 5_000

/** Whether the system keeps its clock by NTP, as timedatectl says. */
export async function checkClock(searchPath: string): Promise<Check> {
  const about = {
    id: 'clock-ntp',
    title: 'Clock is kept by NTP',
    purpose: 'A clock that drifts misses deadlines.',
  }
  const answer = await promisify(execFile)('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    timeout: TIMEOUT_MS,
    env: { PATH: searchPath, LC_ALL: 'C' },
  }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
  if (answer === 'yes') return check(about, { status: 'pass', actual: 'yes', required: 'yes' })
  if (answer === 'no') {
    const remediation = 'timedatectl set-ntp true, or see to it that another program keeps the clock.'
    return check(about, { status: 'warn', actual: 'no', required: 'yes', remediation })
  }
  return check(about, {
    status: 'info',
    actual: 'cannot be told here: timedatectl does not answer',
    required: 'yes',
  })
}
