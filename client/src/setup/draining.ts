import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileIsThere } from '../engine/fileIsThere.ts'

/** A file, so that it survives restarts and can be set while the daemon is down. */
const fileOf = (dataDir: string) => join(dataDir, 'draining')

/** Whether the seller asked to finish what is open and take no more orders. */
export function isDraining(dataDir: string): Promise<boolean> {
  return fileIsThere(fileOf(dataDir))
}

/** The daemon notices within seconds, or when it starts. */
export async function setDraining(dataDir: string, isOn: boolean): Promise<void> {
  if (!isOn) return rm(fileOf(dataDir), { force: true })
  await mkdir(dataDir, { recursive: true, mode: 0o755 })
  await writeFile(fileOf(dataDir), 'While this file is here, the daemon offers the machine to nobody.\n')
}
