import { BrowserProvider, type TransactionReceipt } from 'ethers'

/** The wallet's connection, which can give up on a transaction that will never be included. */
export class WalletProvider extends BrowserProvider {
  #hasGivenUp = false

  /** Lets whoever waits for a receipt end at once: an account's calls wait for each other, so none may wait in vain. */
  giveUp(): void {
    this.#hasGivenUp = true
  }

  override async getTransactionReceipt(hash: string): Promise<TransactionReceipt | null> {
    return this.#hasGivenUp ? failed(hash) : super.getTransactionReceipt(hash)
  }
}

/** What is read of a receipt that failed. */
const failed = (hash: string) => ({ status: 0, hash, blockNumber: 0 }) as TransactionReceipt
