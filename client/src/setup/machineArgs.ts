import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Logger } from 'pino'
import type { MachineReading } from '../facts/readMachineFacts.ts'
import type { Journal } from '../journal/openJournal.ts'

/** What registering this machine takes. */
export type MachineArgs = {
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
export function machineFactName({ chain }: Pick<MachineArgs, 'chain'>): string {
  const { chainId, machines } = chain.deployment
  return `machine:${chainId}:${machines}`
}

/** Name of the journal's copy of registered facts. */
export function registeredFactsName(specHash: string): string {
  return `facts:${specHash}`
}
