import type { Fault, RpcReply, RpcRequest } from './startRpcProxy.ts'

const DELAY_MS = 400
/** Answers of these are as good later: a node behind a cache. Heads are not among them: see rpcPool.test.ts. */
const CACHED = [
  'eth_call',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_getLogs',
  'eth_estimateGas',
]

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * A wire on which a share of all requests meets a fault: lost before the node, lost after it, late, in the wrong order,
 * cut short, asked twice, answered with what was true a while ago, or with the answer to something else.
 */
export function faultyWire(seed: number, share: number): { fault: Fault; counts: Record<string, number> } {
  const random = randomFrom(seed)
  const wire = { former: new Map<string, string>(), last: '{}', held: undefined as (() => void) | undefined }
  const counts: Record<string, number> = {}
  const kinds = createKinds(wire)
  const names = Object.keys(kinds) as (keyof typeof kinds)[]
  return {
    counts,
    async fault(request, forward) {
      wire.held?.() // whatever was held back comes after the request that came after it
      wire.held = undefined
      const key = JSON.stringify([request.method, request.params])
      const ask = async () => {
        const json = await forward()
        if (CACHED.includes(request.method) && !wire.former.has(key)) wire.former.set(key, json)
        wire.last = json
        return json
      }
      if (random() >= share) return { json: await ask() }
      const name = names[Math.floor(random() * names.length)]!
      counts[name] = (counts[name] ?? 0) + 1
      return kinds[name](request, ask, wire.former.get(key))
    },
  }
}

type Wire = { last: string; held: (() => void) | undefined }
type Kind = (request: RpcRequest, ask: () => Promise<string>, former: string | undefined) => Promise<RpcReply>

function createKinds(wire: Wire) {
  const kinds = {
    lostBefore: async () => 'drop',
    lostAfter: async (_request, ask) => {
      await ask()
      return 'drop'
    },
    late: async (_request, ask) => {
      const json = await ask()
      await new Promise((resolve) => setTimeout(resolve, DELAY_MS))
      return { json }
    },
    /** Its request reaches the node after the next one's, or after a while. */
    reordered: async (_request, ask) => {
      await new Promise<void>((resolve) => {
        wire.held = resolve
        setTimeout(resolve, DELAY_MS)
      })
      return { json: await ask() }
    },
    cut: async (_request, ask) => {
      const json = await ask()
      return { json, cutAfter: Math.floor(json.length / 2) }
    },
    twice: async (_request, ask) => {
      await ask()
      return { json: await ask() }
    },
    stale: async ({ id }, ask, former) => {
      if (former === undefined) return { json: await ask() }
      return { json: JSON.stringify({ ...(JSON.parse(former) as object), id }) }
    },
    ofAnother: async (_request, ask) => {
      const json = wire.last
      await ask()
      return { json }
    },
  } satisfies Record<string, Kind>
  return kinds
}
