import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { type ChainContext, connect } from '@trainyard/contracts/context.ts'
import { readDeployment } from '../readDeployment.ts'

export type ChainOptions = { rpc: string; deployment: string; keystore?: string; passwordFile?: string }

/** Connects for one command, with the buyer's account if one is given. */
export async function withChain<T>(
  options: ChainOptions,
  work: (context: ChainContext) => Promise<T>,
): Promise<T> {
  const { rpc, keystore, passwordFile } = options
  const deployment = await readDeployment(options.deployment)
  const signer =
    keystore === undefined || passwordFile === undefined
      ? undefined
      : await readKeystore({ file: keystore, passwordFile })
  const context = await connect({ rpcUrl: rpc, deployment, ...(signer ? { signer } : {}) })
  try {
    return await work(context)
  } finally {
    context.runner.provider?.destroy()
  }
}
