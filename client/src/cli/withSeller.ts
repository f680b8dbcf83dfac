import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { type ChainContext, connect } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import type { Config } from '../config/config.ts'
import { readConfig } from '../config/readConfig.ts'
import { readDeployment } from '../readDeployment.ts'
import { type DaemonFile, readDaemonFile } from '../setup/daemonFile.ts'
import type { SellerOptions } from './options.ts'
import { readAddress } from './readAddress.ts'
import type { Rim } from './rim.ts'

export type SellerContext = {
  config: Config
  chain: ChainContext
  account: string
  /** The daemon that runs, or ran last, with this configuration. */
  daemon: DaemonFile | undefined
  /** Its machine, if that is registered on this chain by this account. */
  machineId: bigint | undefined
}

/** Connects as the seller of a configuration; to sign, its keystore is opened, which takes half a second. */
export async function withSeller<T>(
  options: SellerOptions & { sign: boolean },
  rim: Rim,
  work: (seller: SellerContext) => Promise<T>,
): Promise<T> {
  const config = await readConfig(options.config, rim.env)
  const deployment = await readDeployment(config.deployment)
  const { keystore: file, passwordFile } = config
  const signer = options.sign ? await readKeystore({ file, passwordFile }) : undefined
  const account = signer?.address ?? (await readAddress(file))
  const rpcUrl = [config.rpc, ...config.rpcFallbacks]
  const chain = await connect({ rpcUrl, deployment, ...(signer ? { signer } : {}) })
  try {
    const daemon = await readDaemonFile(config.dataDir)
    return await work({ config, chain, account, daemon, machineId: await ownMachine(chain, account, daemon) })
  } finally {
    chain.runner.provider?.destroy()
  }
}

/** A chain that was started over gives the same numbers to other machines. */
async function ownMachine(
  chain: ChainContext,
  account: string,
  daemon: DaemonFile | undefined,
): Promise<bigint | undefined> {
  if (!daemon) return undefined
  const { owner } = await readMachine(chain, BigInt(daemon.machineId))
  return owner === account ? BigInt(daemon.machineId) : undefined
}
