import { writeFileSync } from 'node:fs'

/** What runs, by name; a restarted part has a new process id. */
export type Parts = Record<string, { pid: number | (() => number) }>

/** Records what runs, by name and process id, for people and tools that look from outside. */
export function writeProcesses(file: string, parts: Parts): void {
  const pids = Object.entries(parts).map(([name, { pid }]) => [name, typeof pid === 'number' ? pid : pid()])
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(pids), null, 2)}\n`)
}
