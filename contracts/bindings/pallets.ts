/** The pallets' ABIs, and the types of their calls, events and errors. */
import { Interface, type InterfaceAbi } from 'ethers'
import { balancesAbi } from './generated/Balances.ts'
import { disputesAbi } from './generated/Disputes.ts'
import { drandBeaconAbi } from './generated/DrandBeacon.ts'
import { drillingAbi } from './generated/Drilling.ts'
import { hashrateAbi } from './generated/Hashrate.ts'
import { machinesAbi } from './generated/Machines.ts'
import { marketAbi } from './generated/Market.ts'
import { proofsAbi } from './generated/Proofs.ts'
import { rewardsAbi } from './generated/Rewards.ts'
import { runtimeAbi } from './generated/Runtime.ts'
import { stakingAbi } from './generated/Staking.ts'
import { windowsAbi } from './generated/Windows.ts'
import type { AbiParam, ArgumentsOf, RecordOf, ValueOf } from './values.ts'

export const abis = {
  runtime: runtimeAbi,
  balances: balancesAbi,
  machines: machinesAbi,
  staking: stakingAbi,
  market: marketAbi,
  proofs: proofsAbi,
  disputes: disputesAbi,
  hashrate: hashrateAbi,
  drilling: drillingAbi,
  rewards: rewardsAbi,
  windows: windowsAbi,
  beacon: drandBeaconAbi,
} as const

export type Pallet = keyof typeof abis
export const pallets = Object.keys(abis) as Pallet[]

type Item<P extends Pallet> = (typeof abis)[P][number]
type Functions<P extends Pallet> = Extract<Item<P>, { type: 'function' }>
type Events<P extends Pallet> = Extract<Item<P>, { type: 'event' }>

/** Names of a pallet's calls that change state. */
export type CallName<P extends Pallet> = Extract<
  Functions<P>,
  { stateMutability: 'nonpayable' | 'payable' }
>['name']
/** Names of a pallet's views. */
export type ViewName<P extends Pallet> = Extract<Functions<P>, { stateMutability: 'view' | 'pure' }>['name']
export type EventName<P extends Pallet> = Events<P>['name']

type FunctionOf<P extends Pallet, N extends string> = Extract<Functions<P>, { name: N }>

/** Arguments of a call or view, in order. */
export type InputsOf<P extends Pallet, N extends string> =
  FunctionOf<P, N> extends { inputs: infer I extends readonly AbiParam[] } ? ArgumentsOf<I> : never

/** What a view returns: its only value, or a record of the named ones. */
export type OutputOf<P extends Pallet, N extends string> =
  FunctionOf<P, N> extends { outputs: infer O extends readonly AbiParam[] }
    ? O extends readonly [infer Only extends AbiParam]
      ? ValueOf<Only>
      : RecordOf<O>
    : never

/** An event's arguments. */
export type EventArgs<P extends Pallet, N extends string> =
  Extract<Events<P>, { name: N }> extends { inputs: infer I extends readonly AbiParam[] }
    ? RecordOf<I>
    : never

/** One decoded log of one pallet; `name` tells which arguments `args` has. */
export type PalletEvent = {
  [P in Pallet]: {
    [N in EventName<P>]: { readonly pallet: P; readonly name: N; readonly args: EventArgs<P, N> }
  }[EventName<P>]
}[Pallet]

export const interfaces: Readonly<Record<Pallet, Interface>> = Object.fromEntries(
  pallets.map((pallet) => [pallet, new Interface(abis[pallet] as InterfaceAbi)]),
) as Record<Pallet, Interface>

/** The generated description of one function; enum types are in it, which ethers drops. */
export function functionAbi(
  pallet: Pallet,
  name: string,
): { inputs: readonly AbiParam[]; outputs: readonly AbiParam[] } {
  const found = abis[pallet].find((item) => item.type === 'function' && item.name === name)
  if (found?.type !== 'function') throw new TypeError(`${pallet} has no function ${name}`)
  return found
}
