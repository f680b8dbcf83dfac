import type { ChainContext } from '@trainyard/contracts/context.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import type { SubstrateProvider } from '@trainyard/contracts/substrate/SubstrateProvider.ts'
import { devCall, startAcala } from '../test/contracts-bindings/substrate/startAcala.ts'
import { type Net, oneOrder, prepare } from './gas.ts'
import type { Figure } from './lib/figure.ts'

/** Acala's blocks are so far apart in the chain's own time. */
const BLOCK_SECONDS = 12
const PARTIES = ['seller', 'buyer', 'auditor', 'edwards', 'ethereum'] as const
/** frame_system's share of a block for normal extrinsics, in time (picoseconds), on Acala 2220. */
const PICOSECONDS = 10n ** 12n

type Sent = { readonly hash: string; readonly blockNumber: number; readonly gasUsed: bigint }
type Cost = { gas: number; weightMs: number; feeAca: number }

/** The order of `gas` on Acala's runtime: gas, weight and fees of the same transactions, once. */
export async function measure(): Promise<Figure> {
  const acala = await startAcala()
  try {
    const accounts: Awaited<ReturnType<Net['account']>>[] = []
    for (const name of PARTIES) {
      const account = await acala.connectAs(name)
      await acala.mint(account.address)
      accounts.push({ ...account, wallet: signerOf(account) })
    }
    const mine = async (count = 1) => {
      for (let mined = 0; mined < count; mined += 1) await devCall(acala.provider, 'dev_newBlock', [{}])
    }
    const net = {
      account: async (index: number) => accounts[index]!,
      mine,
      advance: (seconds: number) => mine(Math.ceil(seconds / BLOCK_SECONDS) + 1),
    }
    const parties = await prepare(net)
    const costs = await costsOf(acala.faucet, (onSent) => oneOrder(parties, onSent))
    const { gas, weightMs, feeAca } = total(costs)
    return {
      figure: 'substrate',
      value: Number(weightMs.toFixed(2)),
      unit: 'ms of weight (refTime), one order of 4 windows and 3 auditors on Acala 2220, first parties',
      reference: 'the million gas that it takes there',
      ratio: Number((weightMs / (gas / 1e6)).toFixed(3)),
      goal: 'written down',
      met: true,
      detail: { gas, weightMs, feeAca, byCall: costs },
    }
  } finally {
    await acala.stop()
  }
}

async function costsOf(
  { runner }: ChainContext,
  play: (onSent: (name: string, sent: Sent) => void) => Promise<unknown>,
): Promise<Record<string, Cost>> {
  const sent: { name: string; sent: Sent }[] = []
  await play((name, each) => void sent.push({ name, sent: each }))
  const costs: Record<string, Cost> = {}
  for (const { name, sent: each } of sent) {
    const found = await costOf(runner.provider as SubstrateProvider, each)
    const before = costs[name] ?? { gas: 0, weightMs: 0, feeAca: 0 }
    costs[name] = add(before, found)
  }
  return costs
}

function add(a: Cost, b: Cost): Cost {
  return { gas: a.gas + b.gas, weightMs: a.weightMs + b.weightMs, feeAca: a.feeAca + b.feeAca }
}

function total(costs: Record<string, Cost>): Cost {
  return Object.values(costs).reduce(add)
}

/** What the runtime counted for an extrinsic, from its last event, and what was paid for it. */
async function costOf(provider: SubstrateProvider, { hash, gasUsed }: Sent): Promise<Cost> {
  const receipt = (await provider.getTransactionReceipt(hash))!
  const then = await provider.api.at(receipt.blockHash)
  const records = (await then.query.system!.events!()) as unknown as readonly {
    phase: { isApplyExtrinsic: boolean; asApplyExtrinsic: { toNumber(): number } }
    event: { section: string; method: string; data: unknown }
  }[]
  const success = records.find(
    ({ phase, event }) =>
      phase.isApplyExtrinsic &&
      phase.asApplyExtrinsic.toNumber() === receipt.index &&
      event.method === 'ExtrinsicSuccess',
  )!
  const { dispatchInfo } = success.event.data as {
    dispatchInfo: { weight: { refTime: { toBigInt(): bigint } } }
  }
  const weightMs = Number((dispatchInfo.weight.refTime.toBigInt() * 1000n * 1000n) / PICOSECONDS) / 1000
  return { gas: Number(gasUsed), weightMs, feeAca: Number(receipt.fee) / 1e18 }
}
