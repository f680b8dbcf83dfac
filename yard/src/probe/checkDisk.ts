import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { YardError } from '../errors.ts'

const MIB = 1024 * 1024
/** What chain, market, one order and its bundle take, generously; a seller refuses orders with much less. */
const NEEDED_MIB = 512

/** @throws YardError when the disk that will hold `home` is nearly full */
export function checkDisk(home: string): void {
  let folder = home
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  const freeMib = Math.floor((bavail * bsize) / MIB)
  if (freeMib >= NEEDED_MIB) return
  throw new YardError(
    `The disk of ${folder} is full: ${freeMib} MiB are free, ${NEEDED_MIB} MiB are needed. Nothing was started. ` +
      'Free some space, or choose another disk: npm start -- --home DIR.',
  )
}
