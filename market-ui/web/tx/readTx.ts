import { toChainError } from '@trainyard/contracts/decodeError.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import type { JsonRpcProvider, TransactionReceipt, TransactionResponse } from 'ethers'
import { marketProvider } from '../chain/marketProvider.ts'
import { decodeCall, decodeEvent, nameOfContract } from './decodeTx.ts'
import type { TxFacts } from './txFacts.ts'

/** A transaction as the market's node has it, decoded; null if it knows none of that hash. Throws ChainUnreachable. */
export const readTx = async (deployment: Deployment, hash: string): Promise<TxFacts | null> => {
  const provider = marketProvider(deployment.chainId)
  try {
    const tx = await provider.getTransaction(hash)
    if (tx === null) return null
    const receipt = await provider.getTransactionReceipt(hash)
    return await factsOf(provider, deployment, tx, receipt)
  } catch (error) {
    throw toChainError(error, 'Reading the transaction')
  }
}

const factsOf = async (
  provider: JsonRpcProvider,
  deployment: Deployment,
  tx: TransactionResponse,
  receipt: TransactionReceipt | null,
): Promise<TxFacts> => {
  const [block, head] = receipt
    ? await Promise.all([provider.getBlock(receipt.blockNumber), provider.getBlockNumber()])
    : [null, 0]
  return {
    hash: tx.hash,
    status: receipt === null ? 'pending' : receipt.status === 1 ? 'succeeded' : 'failed',
    from: tx.from,
    to: tx.to,
    toName: nameOfContract(deployment, tx.to),
    valueWei: String(tx.value),
    nonce: tx.nonce,
    blockNumber: receipt?.blockNumber ?? null,
    at: block?.timestamp ?? null,
    confirmations: receipt ? head - receipt.blockNumber + 1 : 0,
    gasUsed: receipt ? String(receipt.gasUsed) : null,
    gasLimit: String(tx.gasLimit),
    feeWei: receipt ? String(receipt.fee) : null,
    call: decodeCall(deployment, tx),
    inputBytes: (tx.data.length - 2) / 2,
    events: receipt?.logs.map((log) => decodeEvent(deployment, log)) ?? [],
    failure: receipt?.status === 0 ? await failureOf(provider, tx, receipt) : null,
  }
}

/** Nodes keep no reason: the same call on the state before its block says it, unless something before it mattered. */
const failureOf = async (
  provider: JsonRpcProvider,
  { from, to, data, value }: TransactionResponse,
  receipt: TransactionReceipt,
): Promise<TxFacts['failure']> => {
  try {
    await provider.call({ from, to, data, value, blockTag: receipt.blockNumber - 1 })
  } catch (error) {
    const failure = toChainError(error, 'The transaction')
    const text = 'shortMessage' in failure ? failure.shortMessage : failure.message
    return { text, suggestion: failure.suggestion }
  }
  return {
    text: 'On the state before its block the same call succeeds: something earlier in that block, or its gas limit, made it fail.',
    suggestion: 'Try again.',
  }
}
