import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'
import type { ServedEvidence } from './openSamples.ts'

export type KeptEvidence = ReturnType<typeof keptEvidence>

/** The last benchmark's evidence in a folder of its own, so that auditors still have it after the daemon was started again. */
export function keptEvidence(dir: string) {
  const rounds = async () =>
    (await readdir(dir).catch(() => [])).map(Number).filter((round) => Number.isInteger(round) && round > 0)
  return {
    async load(): Promise<ServedEvidence | undefined> {
      const round = Math.max(0, ...(await rounds()))
      const bytes = round > 0 ? await readFile(join(dir, String(round))).catch(() => undefined) : undefined
      return bytes && { round, bytes }
    },
    async save({ round, bytes }: ServedEvidence): Promise<void> {
      await mkdir(dir, { recursive: true })
      await writeFileAtomic(join(dir, String(round)), bytes)
      for (const other of await rounds()) {
        if (other !== round) await rm(join(dir, String(other)), { force: true })
      }
    },
  }
}
