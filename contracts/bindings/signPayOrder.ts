import { randomBytes, toBigInt } from 'ethers'
import type { ChainContext } from './context.ts'
import type { Payment } from './placeOrder.ts'
import type { TypedDataSigner } from './signer.ts'
import { signPermit } from './token.ts'

const payOrderTypes = {
  PayOrder: [
    { name: 'buyer', type: 'address' },
    { name: 'jobHash', type: 'bytes32' },
    { name: 'machine', type: 'uint256' },
    { name: 'maxTotalWei', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}

/**
 * A payer other than the buyer agrees to one order: at most `maxTotalWei`, until `deadline` (Unix seconds), with a
 * permit for Balances on top. The nonce is random and works once.
 */
export async function signPayOrder(
  context: ChainContext,
  payer: TypedDataSigner,
  args: { buyer: string; jobHash: string; machineId: bigint; maxTotalWei: bigint; deadline: bigint },
): Promise<Payment> {
  const { buyer, jobHash, machineId, maxTotalWei, deadline } = args
  const { chainId, market } = context.deployment
  const nonce = toBigInt(randomBytes(32))
  const domain = { name: 'Trainyard', version: '1', chainId, verifyingContract: market }
  const message = { buyer, jobHash, machine: machineId, maxTotalWei, nonce, deadline }
  const paySignature = await payer.signTypedData(domain, payOrderTypes, message)
  const permitSignature = await signPermit(context, payer, { valueWei: maxTotalWei, deadline })
  return { payer: await payer.getAddress(), maxTotalWei, nonce, deadline, paySignature, permitSignature }
}
