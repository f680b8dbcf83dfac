import { MAX_BLOCK_BYTES } from './BlockStore.ts'
import { tooManyUploads } from './storeProblems.ts'

const MAX_BYTES = 64 * 1024 * 1024
const MAX_BYTES_PER_SENDER = 16 * 1024 * 1024

/** Bounds what request bodies on their way may take in memory, per sender and in all. */
export class UploadBudget {
  readonly #bySender = new Map<string, number>()
  #bytes = 0

  /** Takes room for a body; returns what gives it back, once. Throws HttpProblem 503 when there is none. */
  take(sender: string, announcedBytes: number | undefined): () => void {
    const isUsable = announcedBytes !== undefined && announcedBytes >= 0
    const bytes = isUsable ? Math.min(announcedBytes, MAX_BLOCK_BYTES) : MAX_BLOCK_BYTES
    const ofSender = this.#bySender.get(sender) ?? 0
    if (this.#bytes + bytes > MAX_BYTES || ofSender + bytes > MAX_BYTES_PER_SENDER) throw tooManyUploads()
    this.#bytes += bytes
    this.#bySender.set(sender, ofSender + bytes)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#bytes -= bytes
      const left = (this.#bySender.get(sender) ?? 0) - bytes
      if (left > 0) this.#bySender.set(sender, left)
      else this.#bySender.delete(sender)
    }
  }
}
