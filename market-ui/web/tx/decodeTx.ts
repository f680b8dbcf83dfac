import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { decodeLog } from '@trainyard/contracts/events.ts'
import { devTokenAbi } from '@trainyard/contracts/generated/DevToken.ts'
import { functionAbi, interfaces, type Pallet, pallets } from '@trainyard/contracts/pallets.ts'
import { recordFromChain } from '@trainyard/contracts/values.ts'
import { Interface, type InterfaceAbi, type Log } from 'ethers'
import { flatten } from './flatten.ts'
import type { TxEvent, TxFacts } from './txFacts.ts'

const token = new Interface(devTokenAbi as InterfaceAbi)
const TOKEN = 'token'

/** What the market calls a contract of its own; null for any other account. */
export const nameOfContract = (deployment: Deployment, address: string | null): string | null => {
  if (address === null) return null
  const is = (known: string) => known.toLowerCase() === address.toLowerCase()
  return pallets.find((pallet) => is(deployment[pallet])) ?? (is(deployment.token) ? TOKEN : null)
}

/** The call in a transaction's input; null if it is not one of the market's. */
export const decodeCall = (
  deployment: Deployment,
  { to, data, value }: { readonly to: string | null; readonly data: string; readonly value: bigint },
): TxFacts['call'] => {
  const name = nameOfContract(deployment, to)
  if (name === null) return null
  const parsed = (name === TOKEN ? token : interfaces[name as Pallet]).parseTransaction({ data, value })
  if (parsed === null) return null
  const inputs = name === TOKEN ? parsed.fragment.inputs : functionAbi(name as Pallet, parsed.name).inputs
  return { name: parsed.name, values: flatten(recordFromChain(inputs as Inputs, parsed.args)) }
}

type Inputs = Parameters<typeof recordFromChain>[0]

/** An event with its values; of a contract that is not the market's only where it comes from. */
export const decodeEvent = (deployment: Deployment, log: Log): TxEvent => {
  const key = String(log.index)
  const source = nameOfContract(deployment, log.address)
  if (source === TOKEN) {
    const parsed = token.parseLog(log)
    if (parsed)
      return {
        key,
        source,
        name: parsed.name,
        values: flatten(recordFromChain(parsed.fragment.inputs as unknown as Inputs, parsed.args)),
      }
  }
  const event = decodeLog(deployment, log)
  return event
    ? { key, source: event.pallet, name: event.name, values: flatten(event.args) }
    : { key, source: source ?? log.address, name: null, values: [] }
}
