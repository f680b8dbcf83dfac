import { cryptoWaitReady, sr25519PairFromSeed } from '@polkadot/util-crypto'
import { SubstrateAccount } from '@trainyard/contracts/accounts/SubstrateAccount.ts'
import { openApi } from '@trainyard/contracts/substrate/connectApi.ts'
import { over } from '@trainyard/contracts/substrate/openSubstrate.ts'
import { onTestFinished } from 'vitest'
import { type AssetHub, readMetadata } from './assetHubs.ts'
import { createAssetHub } from './createAssetHub.ts'

/** The bindings over a simulated asset hub, for the length of a test. */
export async function openHub(hub: AssetHub) {
  let api: Awaited<ReturnType<typeof openApi>>['api'] | undefined
  const simulated = await createAssetHub(hub, await readMetadata(hub), () => api!.registry)
  const opened = await openApi(simulated.provider, hub.name, undefined, (created) => {
    api = created
  })
  const options = { kind: 'revive', urls: [hub.name], pollingIntervalMs: 50 } as const
  const chain = await over(opened.api, { ...options, requireRightChain: () => undefined })
  onTestFinished(() => chain.provider.destroy())
  return { ...simulated, ...chain, api: opened.api }
}

export async function sr25519(fill: number): Promise<SubstrateAccount> {
  await cryptoWaitReady()
  const { publicKey, secretKey } = sr25519PairFromSeed(new Uint8Array(32).fill(fill))
  return new SubstrateAccount({ type: 'sr25519', publicKey, secretKey })
}
