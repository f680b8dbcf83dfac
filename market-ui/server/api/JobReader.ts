import { createHash } from 'node:crypto'
import { parseJob } from '@trainyard/verifier/job.ts'
import type { BlockStore } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import type { JobSummary } from './schemas.ts'

const KEPT = 10_000

/** Reads jobs from the store. A job is shown only if its hash is the order's: the CID alone is the placer's claim. */
export class JobReader {
  readonly #store: BlockStore
  readonly #known = new Map<string, JobSummary>()

  constructor(store: BlockStore) {
    this.#store = store
  }

  /** The job, or null while the store does not have it or it is not the one ordered. */
  async read(jobCid: string | null, jobHash: string): Promise<JobSummary | null> {
    const known = this.#known.get(jobHash)
    if (known !== undefined || jobCid === null) return known ?? null
    const summary = await this.#readBlock(jobCid, jobHash).catch(() => null) // untrusted: a wrong job is no job
    if (summary !== null) {
      if (this.#known.size >= KEPT) this.#known.clear()
      this.#known.set(jobHash, summary)
    }
    return summary
  }

  async #readBlock(jobCid: string, jobHash: string): Promise<JobSummary | null> {
    const bytes = await this.#store.get(parseBlockCid(jobCid))
    if (bytes === undefined || `0x${createHash('sha256').update(bytes).digest('hex')}` !== jobHash)
      return null
    const job = parseJob(bytes)
    const { batchSize, learningRate } = job.hyperparameters
    const model = `${job.model.kind} ${job.model.layers.join('-')}`
    return { name: job.name, model, batchSize, learningRate, access: job.access }
  }
}
