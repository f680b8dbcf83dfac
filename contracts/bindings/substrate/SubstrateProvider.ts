import type { ApiPromise } from '@polkadot/api'
import type { TransactionResponse } from 'ethers'
import type { Pool } from '../rpc/createPool.ts'
import { PooledProvider } from '../rpc/PooledProvider.ts'

/** An ethers provider over a Substrate chain. Transactions may be extrinsics, which ethers cannot parse. */
export class SubstrateProvider extends PooledProvider {
  readonly api: ApiPromise

  constructor(api: ApiPromise, pool: Pool, chainId: number, pollingInterval: number) {
    super(pool, chainId, pollingInterval)
    this.api = api
  }

  override async broadcastTransaction(raw: string): Promise<TransactionResponse> {
    const hash = String(await this.send('eth_sendRawTransaction', [raw]))
    const known = await this.getTransaction(hash)
    if (known) return known
    throw new Error(`the node took transaction ${hash} and does not show it`)
  }

  override destroy(): void {
    super.destroy()
    void this.api.disconnect()
  }
}
