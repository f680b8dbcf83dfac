import type { Provider, TransactionRequest } from 'ethers'
import type { Outbox } from './outbox.ts'

/** What signs: a local account (see readKeystore). */
export type Sender = {
  readonly provider: Provider
  getAddress(): Promise<string>
  getNonce(blockTag: 'pending' | 'latest'): Promise<number>
  estimateGas(request: TransactionRequest): Promise<bigint>
  signTransaction(request: TransactionRequest): Promise<string>
  /** The hash of what it signed, where that is no Ethereum transaction. */
  hashOf?(raw: string): string
}

/** What the steps of a delivery share. */
export type Delivery = {
  readonly sender: Sender
  readonly outbox: Outbox
  /** Names the account in the outbox. */
  readonly account: string
  readonly chainId: number
  /** What is sent, in words for errors. */
  readonly what: string
  /** This very call makes sense once only: if an earlier one succeeded, that is the answer. */
  readonly isOnce: boolean
  /** Between two looks for a receipt. */
  readonly pauseMs: number
  /** A transaction that waits for so long while blocks go by gets a higher fee. */
  readonly stuckMs: number
}
