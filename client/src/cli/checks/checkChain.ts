import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { openProvider } from '@trainyard/contracts/openProvider.ts'
import { pallets } from '@trainyard/contracts/pallets.ts'
import { type JsonRpcProvider, ZeroAddress } from 'ethers'
import { type Check, check } from './check.ts'

const DEVNET_CHAIN_ID = 31_337
const MAX_AGE_SECONDS = 300
const MAX_SKEW_SECONDS = 30

/** The node: does it answer, for the right chain, up to date, with the contracts on it; and the clock against it. */
export async function checkChain(rpc: string, deployment: Deployment, nowMs: number): Promise<Check[]> {
  const provider = await openProvider(rpc, deployment).catch(() => undefined)
  if (!provider) return [unreachable(rpc)]
  try {
    const reached = await checkReachable(provider, rpc)
    if (reached.status !== 'pass') return [reached]
    const chain = await checkChainId(provider, deployment)
    if (chain.status !== 'pass') return [reached, chain]
    const head = await provider.getBlock('latest')
    const age = Math.round(nowMs / 1000 - (head?.timestamp ?? 0))
    return [
      reached,
      chain,
      await checkSync(provider, deployment, age),
      await checkContracts(provider, deployment),
      checkSkew(age),
    ]
  } finally {
    provider.destroy()
  }
}

const reachable = {
  id: 'chain-reachable',
  title: 'Node of the chain',
  purpose: 'Orders, commitments and pay go through it.',
}

function unreachable(rpc: string): Check {
  return check(reachable, {
    status: 'fail',
    actual: `no answer from ${rpc}`,
    remediation: 'Check that the node runs, and "rpc" in the configuration.',
  })
}

async function checkReachable(provider: JsonRpcProvider, rpc: string): Promise<Check> {
  try {
    const startMs = performance.now()
    await provider.send('eth_blockNumber', [])
    return check(reachable, { status: 'pass', actual: Math.ceil(performance.now() - startMs), unit: 'ms' })
  } catch {
    return unreachable(rpc)
  }
}

async function checkChainId(provider: JsonRpcProvider, deployment: Deployment): Promise<Check> {
  const id = Number(await provider.send('eth_chainId', []))
  const genesis = (await provider.getBlock(0))?.hash
  const isRight = id === deployment.chainId && genesis === deployment.genesisHash
  const isReset = id === deployment.chainId && !isRight
  return check(
    {
      id: 'chain-id',
      title: 'Right chain',
      purpose: 'On another chain the contracts are other ones or none.',
    },
    {
      status: isRight ? 'pass' : 'fail',
      actual: isReset ? `${id}, but another first block` : id,
      required: deployment.chainId,
      remediation: isRight ? null : 'Use the deployment file of the chain that runs, or its RPC address.',
    },
  )
}

/** A development chain makes blocks only when there is something to put into them. */
async function checkSync(provider: JsonRpcProvider, deployment: Deployment, age: number): Promise<Check> {
  const syncing: unknown = await provider.send('eth_syncing', []).catch(() => false)
  const isDevnet = deployment.chainId === DEVNET_CHAIN_ID
  const isBehind = syncing !== false || age > MAX_AGE_SECONDS
  return check(
    {
      id: 'chain-sync',
      title: 'Newest block is new',
      purpose: 'A node that is behind hides orders, and deadlines pass unseen.',
    },
    {
      status: isDevnet ? 'info' : isBehind ? 'fail' : 'pass',
      actual: syncing === false ? age : 'syncing',
      required: MAX_AGE_SECONDS,
      unit: 'seconds old, at most',
      remediation: isBehind && !isDevnet ? 'Wait until the node is in sync, or use another.' : null,
    },
  )
}

async function checkContracts(provider: JsonRpcProvider, deployment: Deployment): Promise<Check> {
  // Where block hashes draw there is no beacon.
  const hasBeacon = deployment.beacon !== ZeroAddress
  const names = (['token', ...pallets] as const).filter((name) => name !== 'beacon' || hasBeacon)
  const codes = await Promise.all(names.map((name) => provider.getCode(deployment[name])))
  const missing = names.filter((_, i) => codes[i] === '0x')
  return check(
    { id: 'contracts', title: 'Contracts', purpose: 'Every contract of the deployment must be there.' },
    {
      status: missing.length === 0 ? 'pass' : 'fail',
      actual: missing.length === 0 ? `${names.length} have code` : `no code: ${missing.join(', ')}`,
      required: `${names.length} have code`,
      remediation: missing.length === 0 ? null : 'Use the deployment file that belongs to this chain.',
    },
  )
}

/** The clock of this machine must not be behind the newest block's time. */
function checkSkew(age: number): Check {
  const isBehind = age < -MAX_SKEW_SECONDS
  return check(
    {
      id: 'clock-chain',
      title: "Clock against the chain's",
      purpose: 'Grants of buyers expire by this clock, deadlines pass by the chain’s.',
    },
    {
      status: isBehind ? 'fail' : 'pass',
      actual: Math.max(0, -age),
      required: MAX_SKEW_SECONDS,
      unit: 'seconds behind, at most',
      remediation: isBehind ? 'Set the clock; let NTP keep it.' : null,
    },
  )
}
