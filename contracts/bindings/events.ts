import type { Log, TransactionReceipt } from 'ethers'
import type { ChainContext } from './context.ts'
import type { Deployment } from './deployment.ts'
import { abis, interfaces, type Pallet, type PalletEvent, pallets } from './pallets.ts'
import { recordFromChain } from './values.ts'

/** An event and where it is on the chain. */
export type ChainEvent = PalletEvent & {
  readonly blockNumber: number
  readonly blockHash: string
  readonly txHash: string
  readonly logIndex: number
}

function palletAt(deployment: Deployment, address: string): Pallet | undefined {
  return pallets.find((pallet) => deployment[pallet].toLowerCase() === address.toLowerCase())
}

/** Decodes one log; undefined if it is not from a pallet of this deployment or not a known event. */
export function decodeLog(deployment: Deployment, log: Log): ChainEvent | undefined {
  const pallet = palletAt(deployment, log.address)
  const parsed = pallet && interfaces[pallet].parseLog(log)
  if (!pallet || !parsed) return undefined
  const item = abis[pallet].find((candidate) => candidate.type === 'event' && candidate.name === parsed.name)
  if (item?.type !== 'event') return undefined
  const where = {
    blockNumber: log.blockNumber,
    blockHash: log.blockHash,
    txHash: log.transactionHash,
    logIndex: log.index,
  }
  // The type of `args` follows from pallet and name, which TypeScript cannot see through a run-time lookup.
  return {
    pallet,
    name: parsed.name,
    args: recordFromChain(item.inputs, parsed.args),
    ...where,
  } as ChainEvent
}

/** The pallets' events in a receipt, in order. */
export function eventsOf(context: ChainContext, receipt: TransactionReceipt): ChainEvent[] {
  return receipt.logs.flatMap((log) => decodeLog(context.deployment, log) ?? [])
}
