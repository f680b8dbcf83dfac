import type { ChainContext } from './context.ts'
import { type DrandNetwork, EVMNET } from './drandNetwork.ts'
import { read } from './read.ts'

/** The drand network whose rounds draw on this chain, as its DrandBeacon was deployed. Throws ChainUnreachable */
export async function readDrandNetwork(context: ChainContext): Promise<DrandNetwork> {
  const [key, hash, genesisSeconds, periodSeconds] = await Promise.all([
    read(context, 'beacon', 'publicKey', []),
    read(context, 'beacon', 'CHAIN_HASH', []),
    read(context, 'beacon', 'GENESIS_SECONDS', []),
    read(context, 'beacon', 'PERIOD_SECONDS', []),
  ])
  const chainHash = hash.slice(2)
  const name = chainHash === EVMNET.chainHash ? EVMNET.name : `drand ${chainHash.slice(0, 8)}`
  const publicKey = [key.xIm, key.xRe, key.yIm, key.yRe] as const
  return {
    name,
    chainHash,
    publicKey,
    genesisSeconds: Number(genesisSeconds),
    periodSeconds: Number(periodSeconds),
  }
}
