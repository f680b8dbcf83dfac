import type { Result } from 'ethers'
import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import { ChainUnreachable } from './errors.ts'
import {
  functionAbi,
  type InputsOf,
  interfaces,
  type OutputOf,
  type Pallet,
  type ViewName,
} from './pallets.ts'
import { fromChain, recordFromChain, toChain } from './values.ts'

function typedOutput(pallet: Pallet, name: string, values: Result): unknown {
  const { outputs } = functionAbi(pallet, name)
  const [only] = outputs
  return outputs.length === 1 && only ? fromChain(only, values[0]) : recordFromChain(outputs, values)
}

/**
 * Calls a view of a pallet, at the newest block or at `blockTag`.
 * Throws ChainError if the view reverts, ChainUnreachable if the node does not answer.
 */
export async function read<P extends Pallet, N extends ViewName<P>>(
  context: ChainContext,
  pallet: P,
  name: N,
  args: InputsOf<P, N>,
  blockTag: number | 'latest' = 'latest',
): Promise<OutputOf<P, N>> {
  const { runner, deployment } = context
  const what = `Reading ${pallet}.${name}`
  if (!runner.call) throw new ChainUnreachable(`${what} failed: there is no node to ask.`)
  const { inputs } = functionAbi(pallet, name)
  const encoded = (args as readonly unknown[]).map((value, index) => toChain(inputs[index]!, value))
  const data = interfaces[pallet].encodeFunctionData(name, encoded)
  try {
    const answer = await runner.call({ to: deployment[pallet], data, blockTag })
    return typedOutput(pallet, name, interfaces[pallet].decodeFunctionResult(name, answer)) as OutputOf<P, N>
  } catch (error) {
    throw toChainError(error, what)
  }
}
