import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { devTokenAbi } from '@trainyard/contracts/generated/DevToken.ts'
import { Contract, parseEther, type Signer } from 'ethers'

const GAS_WEI = parseEther('10')

/** Tops an account up to 10 ETH for gas and to `tokensWei` DEV. Devnet only: the token's faucet is open to all. */
export async function fund(
  faucet: Signer,
  deployment: Deployment,
  account: string,
  tokensWei: bigint,
): Promise<void> {
  const provider = faucet.provider!
  if ((await provider.getBalance(account)) < GAS_WEI / 2n) {
    await (await faucet.sendTransaction({ to: account, value: GAS_WEI })).wait()
  }
  const token = new Contract(deployment.token, devTokenAbi, faucet)
  const held: bigint = await token.getFunction('balanceOf')(account)
  if (held < tokensWei) await (await token.getFunction('mint')(account, tokensWei - held)).wait()
}
