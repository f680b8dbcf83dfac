import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { VerifierError } from '@trainyard/verifier/errors.ts'
import { MAX_FACTS_BYTES, type MachineFacts, machineFactsSchema } from '../facts/machineFacts.ts'

const TIMEOUT_MS = 10_000

/** What the store says about a machine: its facts, or why there are none to be had. */
export type RegisteredFacts = { facts: MachineFacts } | { missing: 'other version' | 'unavailable' }

/** Fetches the facts behind a machine's specHash, which also is their CID's hash. Never throws. */
export async function readRegisteredFacts(store: string, specHash: string): Promise<RegisteredFacts> {
  try {
    const bytes = await fetchContent({
      cid: rawCid(specHash),
      gateway: store,
      maxBytes: MAX_FACTS_BYTES,
      timeoutMs: TIMEOUT_MS,
    })
    return parseFacts(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (error) {
    return { missing: error instanceof VerifierError ? 'unavailable' : 'other version' }
  }
}

/** Checks what was stored as a machine's facts. */
export function parseFacts(untrusted: unknown): RegisteredFacts {
  const result = machineFactsSchema.safeParse(untrusted)
  return result.success ? { facts: result.data } : { missing: 'other version' }
}
