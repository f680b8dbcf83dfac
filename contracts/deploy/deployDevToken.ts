import type { Signer } from 'ethers'
import { devTokenAbi, devTokenBytecode } from '../bindings/generated/DevToken.ts'
import { deployContract } from './deployContract.ts'

/** Deploys the devnet's token (anyone may mint) and returns its address. Never use it where money is real. */
export async function deployDevToken(signer: Signer): Promise<string> {
  const code = { name: 'DevToken', abi: devTokenAbi, bytecode: devTokenBytecode }
  return (await deployContract(signer, code, [])).address
}
