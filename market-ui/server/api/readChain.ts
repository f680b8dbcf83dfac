import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import { readDeployment } from '../follower/readDeployment.ts'
import type { Chain } from './schemas.ts'

/** The number of every local EVM chain, whose accounts are published and whose coin is worth nothing. */
const DEVNET_CHAIN_ID = 31_337

/** The followed deployment and its parameters; undefined until they were read. */
export const readChain = async (rows: ChainRows, deploymentPath: string): Promise<Chain | undefined> => {
  const [deployment, parameters] = [await readDeployment(deploymentPath), await rows.parameters()]
  const followed = await rows.chain()
  const isFollowed =
    deployment?.genesisHash === followed?.genesisHash && deployment?.market === followed?.market
  if (deployment === undefined || parameters === undefined || !isFollowed) return undefined
  return {
    deployment,
    parameters: { ...parameters },
    trainerHash: trainerHash(),
    isDevnet: deployment.chainId === DEVNET_CHAIN_ID && (deployment.chain ?? 'evm') === 'evm',
  }
}
