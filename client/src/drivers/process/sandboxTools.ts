import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']

export type SandboxTools = {
  /** True when the daemon is root and may drop what a job does not need. */
  root: boolean
  /** Paths of util-linux tools, when installed. */
  unshare?: string
  setpriv?: string
}

/** What this machine has for confining a process beyond Node's permission model. */
export function findSandboxTools(): SandboxTools {
  const tools: SandboxTools = { root: process.getuid?.() === 0 }
  const unshare = findProgram('unshare')
  const setpriv = findProgram('setpriv')
  if (unshare) tools.unshare = unshare
  if (setpriv) tools.setpriv = setpriv
  return tools
}

function findProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${name}`).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** True when a user who owns none of it can reach and read path through every folder above it. */
export function isReadableByAll(path: string): boolean {
  if ((statSync(path).mode & 0o4) === 0) return false
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o1) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
