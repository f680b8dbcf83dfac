import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { LayerEntry } from './layerEntries.ts'
import { writeLayer } from './writeLayer.ts'

/** SHA-256 (hex) and length of the layer, without keeping it anywhere. */
export async function digestLayer(entries: LayerEntry[]): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(writeLayer(entries), async (chunks) => {
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += chunk.length
    }
  })
  return { sha256: hash.digest('hex'), bytes }
}
