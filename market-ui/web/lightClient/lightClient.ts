import { readThrough } from '../chain/marketProvider.ts'
import { knownChains } from './knownChains.ts'
import { type LightChain, openLightChain } from './openLightChain.ts'

/** What a user may know of it. In every phase but `ready` the page reads through the market server. */
export type LightClientState = {
  readonly phase: 'off' | 'unknownChain' | 'starting' | 'syncing' | 'noPeers' | 'ready' | 'failed'
  readonly chainName?: string
  readonly peers?: number
  readonly error?: string
}

type Market = {
  readonly chain: 'substrate-evm' | 'revive'
  readonly chainId: number
  readonly genesisHash: string
}

const LOOK_MS = 5_000
/** A client that has peers answers what it is asked by then. */
const LONELY_MS = 20_000

let state: LightClientState = { phase: 'off' }
let running: { readonly genesisHash: string; readonly stop: () => void } | undefined
const listeners = new Set<() => void>()

const enter = (next: LightClientState): void => {
  state = next
  for (const listener of listeners) listener()
}

export const lightClient = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  snapshot: (): LightClientState => state,
}

/** Lets go of it: the page reads through the market server again. */
export const stopLightClient = (): void => {
  running?.stop()
  running = undefined
  readThrough(undefined)
  enter({ phase: 'off' })
}

/** Starts it for the market's chain, once; its state says how it goes. */
export const startLightClient = (market: Market): void => {
  if (running?.genesisHash === market.genesisHash) return
  stopLightClient()
  const known = knownChains[market.genesisHash]
  if (known === undefined) {
    enter({ phase: 'unknownChain' })
    return
  }
  const stopping = new AbortController()
  running = { genesisHash: market.genesisHash, stop: () => stopping.abort() }
  enter({ phase: 'starting', chainName: known.name })
  follow(market, known.name, stopping.signal).catch((error: unknown) => {
    if (stopping.signal.aborted) return
    readThrough(undefined)
    enter({
      phase: 'failed',
      chainName: known.name,
      error: error instanceof Error ? error.message : String(error),
    })
  })
}

const follow = async (market: Market, chainName: string, signal: AbortSignal): Promise<void> => {
  const light = await openLightChain(knownChains[market.genesisHash]!, signal)
  const first = await light.ask('chain_getBlockHash', [0])
  if (first !== market.genesisHash) throw new Error(`Its specification begins with block ${String(first)}.`)
  enter({ phase: 'syncing', chainName })
  while (!signal.aborted) {
    const health = await healthOf(light)
    if (signal.aborted) return
    if (health === undefined || health.peers === 0) {
      readThrough(undefined)
      enter({ phase: 'noPeers', chainName, peers: 0 })
    } else if (health.isSyncing) enter({ phase: 'syncing', chainName, peers: health.peers })
    else {
      if (state.phase !== 'ready') readThrough(await light.provider(market))
      enter({ phase: 'ready', chainName, peers: health.peers })
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Undefined: it gave no answer, as one without peers does. */
const healthOf = async (light: LightChain): Promise<{ peers: number; isSyncing: boolean } | undefined> => {
  try {
    return (await light.ask('system_health', [], LONELY_MS)) as { peers: number; isSyncing: boolean }
  } catch {
    return undefined
  }
}
