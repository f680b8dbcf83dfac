import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import type { LayerEntry } from './layerEntries.ts'

/** The layer as a tar stream: same entries and contents, same bytes. Fails if a file changes its size. */
export function writeLayer(entries: LayerEntry[]): Readable {
  const archive = pack()
  addEntries(archive, entries).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  )
  return Readable.from(archive, { objectMode: false })
}

async function addEntries(archive: Pack, entries: LayerEntry[]): Promise<void> {
  for (const entry of entries) {
    const mode = entry.kind === 'link' ? 0o777 : entry.mode
    const header = { name: entry.name, mode, uid: 0, gid: 0, mtime: new Date(0) }
    if (entry.kind === 'directory') archive.entry({ ...header, type: 'directory' })
    else if (entry.kind === 'link') archive.entry({ ...header, type: 'symlink', linkname: entry.target })
    else if (entry.kind === 'bytes') archive.entry(header, entry.bytes)
    else await pipeline(createReadStream(entry.source), archive.entry({ ...header, size: entry.size }))
  }
}
