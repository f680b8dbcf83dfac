import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Logger } from 'pino'
import type { MachineReading } from '../facts/readMachineFacts.ts'
import type { Journal } from '../journal/openJournal.ts'

/** What registering this machine takes. */
export type MachineArgs = {
  /** See MachineConfig. */
  name: string
  chain: ChainContext
  seller: string
  journal: Journal
  store: string
  hardwareClass: string
  endpoint: string
  reading: MachineReading
  logger: Logger
}

/** Name of the journal's fact that says which machine of this deployment this one is. */
export function machineFactName({ chain, name }: Pick<MachineArgs, 'chain' | 'name'>): string {
  const { chainId, machines } = chain.deployment
  return `machine:${chainId}:${machines}${name && `:${name}`}`
}

/** Which machines of this deployment the journal knows: their ids, by the names of those facts. */
export function knownMachines({
  chain,
  journal,
}: Pick<MachineArgs, 'chain' | 'journal'>): Map<string, bigint> {
  const prefix = machineFactName({ chain, name: '' })
  const found = journal.factsFrom<string>(prefix)
  return new Map(found.map(({ name, value }) => [name, BigInt(value)]))
}

/** Name of the journal's copy of registered facts. */
export function registeredFactsName(specHash: string): string {
  return `facts:${specHash}`
}
