import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { type ChainContext, connect } from '@trainyard/contracts/context.ts'
import { withRounds } from '@trainyard/verifier/beacon/withRounds.ts'
import { ClientError } from '../errors.ts'
import { readDeployment } from '../readDeployment.ts'
import { type ChainSettings, chainSettings } from './chainSettings.ts'
import type { ChainOptions } from './options.ts'
import type { Rim } from './rim.ts'

/** Connects for one command, with the account if one is given. */
export async function withChain<T>(
  options: ChainOptions & { store?: string; relay?: string[] },
  rim: Rim,
  work: (context: ChainContext, settings: ChainSettings) => Promise<T>,
): Promise<T> {
  const settings = await chainSettings(options, rim)
  const { keystore, passwordFile } = options
  const deployment = await readDeployment(settings.deployment, settings.chain)
  const signer =
    keystore === undefined || passwordFile === undefined
      ? undefined
      : await readKeystore({ file: keystore, passwordFile })
  const context = await connect({ rpcUrl: settings.rpc, deployment, ...(signer ? { signer } : {}) })
  try {
    return await work(withRounds(context, settings.drandRelays), settings)
  } finally {
    context.runner.provider?.destroy()
  }
}

/** Throws ClientError unless an account is named: the command sends a transaction. */
export function requireAccount({ keystore, passwordFile }: ChainOptions): void {
  if (keystore !== undefined && passwordFile !== undefined) return
  throw new ClientError('This needs an account.', 'Give --keystore and --password-file.')
}
