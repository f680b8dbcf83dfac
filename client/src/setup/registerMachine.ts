import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { updateMachine } from '@trainyard/contracts/updateMachine.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { sha256 } from 'ethers'
import { type MachineArgs, machineFactName, registeredFactsName } from './machineArgs.ts'

/** Puts the machine's facts into the store and registers it. Returns its id. */
export async function registerMachine(args: MachineArgs): Promise<bigint> {
  const { chain, journal, endpoint, logger } = args
  const { machineId } = await addMachine(chain, { ...(await publishFacts(args)), endpoint })
  journal.saveFact(machineFactName(args), String(machineId))
  logger.info({ msg: 'machine registered', machineId: String(machineId) })
  return machineId
}

/** Registers what the machine is now under its id; its record stays, its offer ends. No order may be on it. */
export async function registerChange(args: MachineArgs, machineId: bigint): Promise<void> {
  await updateMachine(args.chain, { machineId, ...(await publishFacts(args)) })
}

/** Facts are kept here too: what is registered must be known even where the store has lost it. */
async function publishFacts({ journal, store, hardwareClass, reading }: MachineArgs) {
  const bytes = canonicalBytes(reading.facts)
  const specHash = sha256(bytes)
  const { cid, blocks } = await addBytes(bytes)
  await putBlocks(store, blocks)
  journal.saveFact(registeredFactsName(specHash), reading.facts)
  return { specHash, specUri: cid, hardwareClass: hardwareClassOf(hardwareClass) }
}
