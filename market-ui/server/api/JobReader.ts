import { createHash } from 'node:crypto'
import { MAX_JOB_BYTES } from '@trainyard/verifier/job.ts'
import { type AnyJob, parseAnyJob } from '@trainyard/verifier/rental.ts'
import type { BlockStore } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import type { JobSummary } from './schemas.ts'

const KEPT = 10_000

type Known = { readonly job: AnyJob; readonly summary: JobSummary }

/** Reads jobs from the store. A job is shown only if its hash is the order's: the CID alone is the placer's claim. */
export class JobReader {
  readonly #store: BlockStore
  readonly #known = new Map<string, Known>()

  constructor(store: BlockStore) {
    this.#store = store
  }

  /** The job, or null while the store does not have it or it is not the one ordered. */
  async read(jobCid: string | null, jobHash: string): Promise<JobSummary | null> {
    return (await this.#find(jobCid, jobHash))?.summary ?? null
  }

  /** The whole job, as it can be ordered again; null as above. */
  async readJob(jobCid: string | null, jobHash: string): Promise<AnyJob | null> {
    return (await this.#find(jobCid, jobHash))?.job ?? null
  }

  async #find(jobCid: string | null, jobHash: string): Promise<Known | null> {
    const known = this.#known.get(jobHash)
    if (known !== undefined || jobCid === null) return known ?? null
    const found = await this.#readBlock(jobCid, jobHash).catch(() => null) // untrusted: a wrong job is no job
    if (found !== null) {
      if (this.#known.size >= KEPT) this.#known.clear()
      this.#known.set(jobHash, found)
    }
    return found
  }

  async #readBlock(jobCid: string, jobHash: string): Promise<Known | null> {
    const bytes = await this.#store.get(parseBlockCid(jobCid), MAX_JOB_BYTES)
    if (bytes === undefined || `0x${createHash('sha256').update(bytes).digest('hex')}` !== jobHash)
      return null
    const job = parseAnyJob(bytes)
    return { job, summary: summaryOf(job) }
  }
}

/** A program of an image has a model and hyper-parameters of its own: what is not there is not shown. */
const summaryOf = (job: AnyJob): JobSummary => {
  const { name, access } = job
  if (job.version === 3) return { name, model: null, batchSize: null, learningRate: null, access }
  const { model, hyperparameters } = job
  const { kind, layers } = model
  const { batchSize, learningRate } = hyperparameters
  return {
    name,
    model: Array.isArray(layers) ? `${kind} ${layers.join('-')}` : kind,
    batchSize,
    learningRate: typeof learningRate === 'number' ? learningRate : null,
    access,
  }
}
