import { connect } from '@trainyard/contracts/context.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { ZeroAddress } from 'ethers'
import { readDeployment } from '../../readDeployment.ts'

export type TokenUnits = { symbol: string; decimals: number }

const TIMEOUT_MS = 5_000

/** Name and decimals of the market's token, or undefined if the chain does not answer. */
export async function tokenUnits(rpc: string, deployment: string): Promise<TokenUnits | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), TIMEOUT_MS)
  })
  try {
    return await Promise.race([ask(rpc, deployment), late])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

async function ask(rpc: string, deployment: string): Promise<TokenUnits> {
  const chain = await connect({ rpcUrl: rpc, deployment: await readDeployment(deployment) })
  try {
    const { symbol, decimals } = await readToken(chain, ZeroAddress)
    return { symbol, decimals }
  } finally {
    chain.runner.provider?.destroy()
  }
}
