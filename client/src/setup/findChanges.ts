import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { sha256 } from 'ethers'
import { describeChange } from '../facts/describeChange.ts'
import { type MachineArgs, registeredFactsName } from './machineArgs.ts'
import { parseFacts, readRegisteredFacts } from './readRegisteredFacts.ts'

/**
 * How a machine differs from its registration. `changes` are sentences, none if a buyer still gets what is
 * registered. `doubt` says why that cannot be told now: it must not be sold until it can.
 */
export type MachineChanges = { changes: string[]; doubt?: string }

/** Compares what was measured with what is registered. Throws if the chain does not answer. */
export async function findChanges(
  args: Pick<MachineArgs, 'chain' | 'journal' | 'store' | 'hardwareClass' | 'reading'>,
  machineId: bigint,
): Promise<MachineChanges> {
  const { chain, journal, store, hardwareClass, reading } = args
  const { specHash, hardwareClass: registeredClass } = await readMachine(chain, machineId)
  const classChanges =
    registeredClass === hardwareClassOf(hardwareClass)
      ? []
      : [`The hardware class is to be ${hardwareClass}.`]
  if (sha256(canonicalBytes(reading.facts)) === specHash) return { changes: classChanges }
  const kept = journal.fact<unknown>(registeredFactsName(specHash))
  const registered = kept === undefined ? await readRegisteredFacts(store, specHash) : parseFacts(kept)
  if ('missing' in registered) {
    if (registered.missing === 'other version') {
      return { changes: [...classChanges, 'It was registered by another version of this program.'] }
    }
    return { changes: [], doubt: 'what is registered cannot be read: the store does not have it now' }
  }
  const { gpuProblem } = reading
  const changes = describeChange(registered.facts, reading.facts)
  // A GPU whose driver hangs is not gone yet; it may answer again in a minute.
  if (gpuProblem !== undefined && changes.length > 0) return { changes: [], doubt: gpuProblem }
  return { changes: [...classChanges, ...changes] }
}
