import type { MachineFacts } from '../facts/machineFacts.ts'
import { readRegisteredFacts } from '../setup/readRegisteredFacts.ts'
import type { MachineOffer } from './listMachines.ts'

const AT_ONCE = 8

/** A machine with what it is made of; null if the store does not have that now. */
export type SpecifiedMachine = MachineOffer & { specs: MachineFacts | null }

/** Fetches the machines' facts from the store, each checked by the hash on chain. */
export async function readSpecs(
  store: string,
  machines: readonly MachineOffer[],
): Promise<SpecifiedMachine[]> {
  const found: SpecifiedMachine[] = []
  for (let i = 0; i < machines.length; i += AT_ONCE) {
    const part = machines.slice(i, i + AT_ONCE)
    found.push(...(await Promise.all(part.map((machine) => specified(store, machine)))))
  }
  return found
}

async function specified(store: string, machine: MachineOffer): Promise<SpecifiedMachine> {
  const read = await readRegisteredFacts(store.replace(/\/+$/, ''), machine.specHash)
  return { ...machine, specs: 'facts' in read ? read.facts : null }
}
