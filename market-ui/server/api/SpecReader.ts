import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { z } from 'zod'
import type { BlockStore } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import { type Specs, specsSchema } from './machineSchemas.ts'

/** As sellers publish it (client/src/facts/machineFacts.ts): GPUs one by one, and no region before version 3. */
const publishedSchema = specsSchema.extend({
  region: specsSchema.shape.region.optional(),
  gpus: z.array(specsSchema.shape.gpus.element.omit({ count: true })).max(64),
})

const MAX_BYTES = 64 * 1024
const KEPT = 20_000

/** Reads machines' specifications from the store by the hash on chain, whatever CID the seller gave. */
export class SpecReader {
  readonly #store: BlockStore
  readonly #known = new Map<string, Specs>()

  constructor(store: BlockStore) {
    this.#store = store
  }

  /** The specification, or null while the store does not have it or it cannot be read. */
  async read(specHash: string): Promise<Specs | null> {
    const known = this.#known.get(specHash)
    if (known !== undefined) return known
    const specs = await this.#readBlock(specHash).catch(() => null) // untrusted: what cannot be read is not shown
    if (specs !== null) {
      if (this.#known.size >= KEPT) this.#known.clear()
      this.#known.set(specHash, specs)
    }
    return specs
  }

  async #readBlock(specHash: string): Promise<Specs | null> {
    const bytes = await this.#store.get(parseBlockCid(rawCid(specHash)), MAX_BYTES)
    return bytes === undefined ? null : parseSpecs(JSON.parse(Buffer.from(bytes).toString('utf8')))
  }
}

/** Reads what a seller published; of other versions what they have. Throws ZodError. */
const parseSpecs = (untrusted: unknown): Specs => {
  const { region, gpus, ...host } = publishedSchema.parse(untrusted)
  return { ...host, region: region ?? null, gpus: grouped(gpus) }
}

/** Equal GPUs in one entry: a list of machines says each once. */
const grouped = (gpus: z.infer<typeof publishedSchema>['gpus']): Specs['gpus'] => {
  const equal = Map.groupBy(gpus, (gpu) => JSON.stringify(gpu))
  return [...equal.values()].map((same) => ({ ...same[0]!, count: same.length }))
}
