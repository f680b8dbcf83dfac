import { readFileSync } from 'node:fs'

/** A process that a later one with the same pid cannot be taken for (proc(5): field 22 of stat). */
export type ProcessIdentity = { pid: number; startTicks: string; bootId: string }

/** Undefined when there is no such process, or it is a zombie that has ended already. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name, in parentheses, may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTicks] = [fields[0], fields[19]]
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined
    return { pid, startTicks, bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() }
  } catch {
    return undefined
  }
}

export function isSameProcess(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid)
  return now?.startTicks === identity.startTicks && now.bootId === identity.bootId
}

/** Resident memory in bytes, or 0 when the process has ended. */
export function residentBytes(pid: number): number {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    return Number(kibibytes ?? 0) * 1024
  } catch {
    return 0
  }
}
