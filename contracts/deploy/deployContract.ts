import { ContractFactory, type InterfaceAbi, type Signer } from 'ethers'
import { toChainError } from '../bindings/decodeError.ts'
import { ChainUnreachable } from '../bindings/errors.ts'

const INCLUSION_TIMEOUT_MS = 120_000

export type Code = { readonly name: string; readonly abi: readonly unknown[]; readonly bytecode: string }

/**
 * Deploys one contract, with the transaction of this nonce if one is given, and waits for it; returns its address and
 * block. Throws ChainError or ChainUnreachable.
 */
export async function deployContract(
  signer: Signer,
  code: Code,
  args: readonly unknown[],
  nonce?: number,
): Promise<{ address: string; blockNumber: number }> {
  const what = `Deploying ${code.name}`
  try {
    const factory = new ContractFactory(code.abi as InterfaceAbi, code.bytecode, signer)
    const contract = await factory.deploy(...args, nonce === undefined ? {} : { nonce })
    const receipt = await contract.deploymentTransaction()?.wait(1, INCLUSION_TIMEOUT_MS)
    if (!receipt?.contractAddress) throw new ChainUnreachable(`${what} was not confirmed.`)
    return { address: receipt.contractAddress, blockNumber: receipt.blockNumber }
  } catch (error) {
    throw toChainError(error, what)
  }
}
