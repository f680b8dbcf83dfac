import { z } from 'zod'

export type PullProgress = {
  layers: number
  /** Layers that are downloaded and unpacked, or were there. */
  doneLayers: number
  downloadedBytes: number
  /** Of the layers whose size the registry has said so far, so it grows at first. */
  totalBytes: number
}

const messageSchema = z.object({
  id: z.string().max(256).optional(),
  status: z.string().max(1000).optional(),
  error: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
})

const MAX_LINE_CHARS = 1_000_000
const DONE = new Set(['Pull complete', 'Already exists'])
/** The engine's words about a layer; other lines with an id are about the image. */
const LAYER =
  /^(Pulling fs layer|Waiting|Downloading|Verifying|Download complete|Extracting|Pull complete|Already)/

type Layer = { current: number; total: number; done: boolean }

/** Adds up what the engine says while it pulls: JSON objects, one on each line. */
export class PullMeter {
  /** What the engine or the registry complained about. */
  error: string | undefined
  readonly #layers = new Map<string, Layer>()
  #rest = ''

  take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > MAX_LINE_CHARS) this.error = 'the engine answered with a line without end'
    for (const line of lines) if (line.trim() !== '') this.#read(line)
  }

  get progress(): PullProgress {
    const layers = [...this.#layers.values()]
    const sum = (of: (layer: Layer) => number) => layers.reduce((bytes, layer) => bytes + of(layer), 0)
    return {
      layers: layers.length,
      doneLayers: layers.filter(({ done }) => done).length,
      downloadedBytes: sum(({ current }) => current),
      totalBytes: sum(({ current, total }) => Math.max(current, total)),
    }
  }

  #read(line: string): void {
    const { id, status = '', error, progressDetail } = messageSchema.parse(JSON.parse(line))
    if (error !== undefined) this.error = error.slice(0, 1000)
    if (id === undefined || !LAYER.test(status)) return
    const layer = this.#layers.get(id) ?? { current: 0, total: 0, done: false }
    this.#layers.set(id, layer)
    if (status === 'Downloading') {
      layer.current = Math.max(layer.current, progressDetail?.current ?? 0)
      layer.total = Math.max(layer.total, progressDetail?.total ?? 0)
    }
    if (status === 'Download complete') layer.current = Math.max(layer.current, layer.total)
    if (DONE.has(status)) layer.done = true
  }
}
