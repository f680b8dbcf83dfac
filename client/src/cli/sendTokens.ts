import type { ChainContext } from '@trainyard/contracts/context.ts'
import { type Sent, sendCall } from '@trainyard/contracts/send.ts'
import { Interface } from 'ethers'

const erc20 = new Interface(['function transfer(address to, uint256 amount) returns (bool)'])

/** Sends tokens of the caller's wallet to another account. */
export function sendTokens(chain: ChainContext, to: string, amountWei: bigint): Promise<Sent> {
  const data = erc20.encodeFunctionData('transfer', [to, amountWei])
  return sendCall(chain, { to: chain.deployment.token, data }, 'token.transfer')
}
