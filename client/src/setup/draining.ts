import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileIsThere } from '../engine/fileIsThere.ts'

/** A file, so that it survives restarts and can be set while the daemon is down. */
const fileOf = (dataDir: string, name: string) => join(dataDir, name === '' ? 'draining' : `draining-${name}`)

/** Whether the seller asked to finish what is open and take no more orders, for all of its machines or this one. */
export async function isDraining({ dataDir, name }: { dataDir: string; name: string }): Promise<boolean> {
  return (await fileIsThere(fileOf(dataDir, ''))) || (name !== '' && fileIsThere(fileOf(dataDir, name)))
}

/**
 * The daemon notices within seconds, or when it starts.
 * @param names of the machines; the empty one stands for all
 */
export async function setDraining(dataDir: string, names: readonly string[], isOn: boolean): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o755 })
  for (const name of names) {
    const text = 'While this file is here, the daemon offers the machine to nobody.\n'
    if (isOn) await writeFile(fileOf(dataDir, name), text)
    else await rm(fileOf(dataDir, name), { force: true })
  }
}
