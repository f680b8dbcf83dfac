import { readdirSync, readFileSync } from 'node:fs'

const MIB_IN_KIB = 1024
const MS_PER_TICK = 10 // Linux counts CPU time in hundredths of a second

/** What a process uses now, as Linux counts it. */
export function processUse(pid: number): {
  rssMiB: number
  anonymousMiB: number
  cpuMs: number
  openFiles: number
} {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mib = (field: string) =>
    Math.round((Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / MIB_IN_KIB) * 10) / 10
  const times = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return {
    rssMiB: mib('VmRSS'),
    anonymousMiB: mib('RssAnon'),
    cpuMs: (Number(times[11]) + Number(times[12])) * MS_PER_TICK,
    openFiles: readdirSync(`/proc/${pid}/fd`).length,
  }
}
