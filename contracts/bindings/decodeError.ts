import { AbiCoder, dataSlice, Interface, type InterfaceAbi, isError } from 'ethers'
import { ChainError, ChainUnreachable, WrongChain } from './errors.ts'
import { consentsAbi } from './generated/Consents.ts'
import { abis, interfaces, pallets } from './pallets.ts'
import { suggestionFor } from './suggestions.ts'
import { recordFromChain } from './values.ts'

const REVERT_SELECTOR = '0x08c379a0' // Error(string)
const PANIC_SELECTOR = '0x4e487b71' // Panic(uint256)

/** Consents is Market's own: nobody calls it through a deployment record, but its refusals come through. */
const sources = [
  ...pallets.map((pallet) => ({ abi: abis[pallet], codec: interfaces[pallet] })),
  { abi: consentsAbi, codec: new Interface(consentsAbi as InterfaceAbi) },
]

type Decoded = { errorName: string; args: Record<string, unknown> }

/** Names the error in revert data, whichever pallet it came from: pallets pass on each other's errors. */
export function decodeRevertData(data: string): Decoded {
  const selector = data.slice(0, 10)
  if (selector === REVERT_SELECTOR) {
    const [reason] = AbiCoder.defaultAbiCoder().decode(['string'], dataSlice(data, 4))
    return { errorName: 'Revert', args: { reason } }
  }
  if (selector === PANIC_SELECTOR) {
    const [code] = AbiCoder.defaultAbiCoder().decode(['uint256'], dataSlice(data, 4))
    return { errorName: 'Panic', args: { code } }
  }
  for (const { abi, codec } of sources) {
    const parsed = codec.parseError(data)
    if (!parsed) continue
    const item = abi.find((candidate) => candidate.type === 'error' && candidate.name === parsed.name)
    if (item?.type !== 'error') continue
    return { errorName: parsed.name, args: recordFromChain(item.inputs, parsed.args) }
  }
  return { errorName: 'Unknown', args: { data } }
}

function describe({ errorName, args }: Decoded): string {
  const list = Object.entries(args).map(([name, value]) => `${name} ${String(value)}`)
  return `The chain refused with ${errorName}${list.length > 0 ? ` (${list.join(', ')})` : ''}.`
}

/** A ChainError for revert data; empty data is a revert without reason. */
export function revertError(data: string | null | undefined, cause?: unknown): ChainError {
  const decoded = data && data !== '0x' ? decodeRevertData(data) : { errorName: 'Revert', args: {} }
  return new ChainError({
    ...decoded,
    shortMessage: describe(decoded),
    suggestion: suggestionFor(decoded.errorName),
    cause,
  })
}

/** Sorts whatever a provider or signer threw into ChainError (refused) and ChainUnreachable (unknown, retry). */
export function toChainError(
  error: unknown,
  what: string,
  txHash?: string,
): ChainError | ChainUnreachable | WrongChain {
  if (error instanceof ChainError || error instanceof ChainUnreachable || error instanceof WrongChain)
    return error
  if (isError(error, 'CALL_EXCEPTION')) return revertError(error.data, error)
  if (isError(error, 'INSUFFICIENT_FUNDS')) {
    return new ChainError({
      errorName: 'InsufficientFunds',
      args: {},
      shortMessage: 'The sending account cannot pay for gas.',
      suggestion: 'Send it some of the chain’s own coin.',
      cause: error,
    })
  }
  const detail =
    error instanceof Error
      ? 'shortMessage' in error
        ? String(error.shortMessage)
        : error.message
      : String(error)
  return new ChainUnreachable(`${what} failed: ${detail}.`, { txHash, cause: error })
}
