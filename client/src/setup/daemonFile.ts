import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'

const MAX_BYTES = 16_384
const daemonFileSchema = z.object({
  url: z.url().max(300),
  machines: z
    .array(z.object({ name: z.string().max(32), machineId: z.string().regex(/^\d{1,78}$/) }))
    .min(1)
    .max(64),
  seller: z.string().max(100),
  pid: z.int().positive(),
})

/** Where the daemon of a data directory answers, or did when it ran last. */
export type DaemonFile = z.infer<typeof daemonFileSchema>

const fileOf = (dataDir: string) => join(dataDir, 'daemon.json')

/** Leaves word for the commands, which know only the data directory. */
export async function writeDaemonFile(dataDir: string, facts: DaemonFile): Promise<void> {
  await writeFileAtomic(fileOf(dataDir), `${JSON.stringify(facts)}\n`)
}

/** Undefined if no daemon has run with this data directory. */
export async function readDaemonFile(dataDir: string): Promise<DaemonFile | undefined> {
  try {
    const text = await readFile(fileOf(dataDir), 'utf8')
    return daemonFileSchema.parse(JSON.parse(text.slice(0, MAX_BYTES)))
  } catch {
    return undefined
  }
}
