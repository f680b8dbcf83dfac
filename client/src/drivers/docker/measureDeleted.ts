import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A pids limit keeps trees far smaller; this only ends a walk through one that grows meanwhile. */
const MAX_PROCESSES = 10_000

/**
 * Bytes on disk of files that a container's processes deleted but hold open or mapped: they fill the disk
 * and no directory shows them. initPid is the container's first process as this machine sees it. Sees
 * nothing (0) when the engine runs elsewhere, and of another user's processes only as root.
 */
export async function measureDeleted(initPid: number): Promise<number> {
  const namespace = await namespaceOf(String(initPid))
  // Orphans are handed to init, so its descendants are all the processes of the container.
  if (initPid <= 0 || namespace === undefined || namespace === (await namespaceOf('self'))) return 0
  const files = new Map<string, number>()
  const pending = [String(initPid)]
  for (let seen = 0; pending.length > 0 && seen < MAX_PROCESSES; seen++) {
    const pid = pending.pop() as string
    for (const folder of [`/proc/${pid}/fd`, `/proc/${pid}/map_files`]) await addDeleted(folder, files)
    for (const thread of await list(`/proc/${pid}/task`)) pending.push(...(await childrenOf(pid, thread)))
  }
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0)
}

async function childrenOf(pid: string, thread: string): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')
  return text.split(' ').filter((child) => child !== '')
}

async function addDeleted(folder: string, files: Map<string, number>): Promise<void> {
  for (const name of await list(folder)) {
    // These links lead to the open file itself, deleted or not.
    const info = await stat(join(folder, name)).catch(() => undefined)
    if (info?.isFile() && info.nlink === 0) files.set(`${info.dev}:${info.ino}`, info.blocks * 512)
  }
}

function namespaceOf(pid: string): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined)
}

/** Processes end while they are looked at; those have nothing left. */
function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
