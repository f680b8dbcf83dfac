import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { sha256 } from 'ethers'
import { factName, type MachineArgs, registeredFactsName } from './machineArgs.ts'

/** Puts the machine's facts into the store and registers it. Returns its id. */
export async function registerMachine(args: MachineArgs): Promise<bigint> {
  const { chain, journal, store, hardwareClass, endpoint, reading, logger } = args
  const bytes = canonicalBytes(reading.facts)
  const specHash = sha256(bytes)
  const { cid, blocks } = await addBytes(bytes)
  await putBlocks(store, blocks)
  const { machineId } = await addMachine(chain, {
    specHash,
    specUri: cid,
    hardwareClass: hardwareClassOf(hardwareClass),
    endpoint,
  })
  journal.saveFact(factName('machine', args), String(machineId))
  journal.saveFact(registeredFactsName(specHash), reading.facts)
  logger.info({ msg: 'machine registered', machineId: String(machineId) })
  return machineId
}
