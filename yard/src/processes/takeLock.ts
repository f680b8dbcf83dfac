import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { YardError } from '../errors.ts'

/** One yard per folder: two would share a chain state and keys. A lock left by a dead process is taken over. */
export function takeLock(file: string): { release: () => void } {
  mkdirSync(dirname(file), { recursive: true })
  const holder = readHolder(file)
  if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
    throw new YardError(
      `Another yard (process ${holder}) is running on this folder. Stop it first, or use another: npm start -- --home DIR.`,
    )
  }
  writeFileSync(file, String(process.pid))
  return { release: () => rmSync(file, { force: true }) }
}

function readHolder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
