import { Interface, MaxUint256, TypedDataEncoder } from 'ethers'
import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import { ChainUnreachable } from './errors.ts'
import { type Sent, sendCall } from './send.ts'
import type { TypedDataSigner } from './signer.ts'

const erc20 = new Interface([
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
  'function balanceOf(address) view returns (uint256)',
  'function allowance(address, address) view returns (uint256)',
  'function nonces(address) view returns (uint256)',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'function approve(address, uint256) returns (bool)',
])

const permitTypes = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}

/** The token's permits cannot be signed here; approve Balances instead. No money moved. */
export class PermitUnsupported extends Error {
  override readonly name = 'PermitUnsupported'
  readonly moneyMoved = false
  readonly suggestion = 'Approve Balances to take the amount, then try again.'

  constructor(token: string) {
    super(
      `Permits of token ${token} use a domain this version does not know. No money moved. Approve Balances first.`,
    )
  }
}

async function ask(context: ChainContext, name: string, args: readonly unknown[] = []): Promise<unknown> {
  const what = `Reading token.${name}`
  if (!context.runner.call) throw new ChainUnreachable(`${what} failed: there is no node to ask.`)
  try {
    const data = erc20.encodeFunctionData(name, args)
    const answer = await context.runner.call({ to: context.deployment.token, data })
    return erc20.decodeFunctionResult(name, answer)[0]
  } catch (error) {
    throw toChainError(error, what)
  }
}

/** An account's tokens outside the market, and what it lets Balances take, in wei. */
export async function readToken(
  context: ChainContext,
  account: string,
): Promise<{ symbol: string; decimals: number; balanceWei: bigint; allowanceWei: bigint }> {
  const [symbol, decimals, balanceWei, allowanceWei] = await Promise.all([
    ask(context, 'symbol'),
    ask(context, 'decimals'),
    ask(context, 'balanceOf', [account]),
    ask(context, 'allowance', [account, context.deployment.balances]),
  ])
  return {
    symbol: String(symbol),
    decimals: Number(decimals),
    balanceWei: BigInt(balanceWei as bigint),
    allowanceWei: BigInt(allowanceWei as bigint),
  }
}

/** Lets Balances take up to `amountWei` of the caller's tokens. */
export function approveBalances(context: ChainContext, amountWei: bigint = MaxUint256): Promise<Sent> {
  const data = erc20.encodeFunctionData('approve', [context.deployment.balances, amountWei])
  return sendCall(context, { to: context.deployment.token, data }, 'token.approve')
}

/** Signs an EIP-2612 permit for Balances; `deadline` in Unix seconds. Throws PermitUnsupported for odd tokens. */
export async function signPermit(
  context: ChainContext,
  signer: TypedDataSigner,
  args: { valueWei: bigint; deadline: bigint },
): Promise<string> {
  const { deployment } = context
  const owner = await signer.getAddress()
  const [name, nonce, separator] = await Promise.all([
    ask(context, 'name'),
    ask(context, 'nonces', [owner]),
    ask(context, 'DOMAIN_SEPARATOR'),
  ])
  const { chainId, token, balances } = deployment
  const domain = { name: String(name), version: '1', chainId, verifyingContract: token }
  if (TypedDataEncoder.hashDomain(domain) !== separator) throw new PermitUnsupported(token)
  const message = { owner, spender: balances, value: args.valueWei, nonce, deadline: args.deadline }
  return signer.signTypedData(domain, permitTypes, message)
}
