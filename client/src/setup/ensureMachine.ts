import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { setEndpoint } from '@trainyard/contracts/setEndpoint.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { sha256 } from 'ethers'
import { findChanges, type MachineChanges } from './findChanges.ts'
import { knownMachines, type MachineArgs, machineFactName } from './machineArgs.ts'
import { registerChange, registerMachine } from './registerMachine.ts'

/** Machines looked through, newest first, when the journal does not know which is this one. */
const MAX_SEARCHED = 200

/** @property changes those that wait until no order is open */
export type EnsuredMachine = MachineChanges & { machineId: bigint }

/**
 * Registers this machine unless it is, and brings endpoint and, once no order is open, hardware up to date. The record
 * stays with the id; an offer that was for other hardware ends.
 */
export async function ensureMachine(args: MachineArgs): Promise<EnsuredMachine> {
  const { chain, endpoint, logger } = args
  const known = await knownMachine(args)
  if (known === undefined) {
    if (args.reading.gpuProblem !== undefined) {
      logger.warn({ msg: 'registered without the GPUs that do not answer', reason: args.reading.gpuProblem })
    }
    return { machineId: await registerMachine(args), changes: [] }
  }
  let found = await findChanges(args, known)
  if (found.changes.length > 0 && !(await hasOpenOrder(args, known))) {
    const { changes } = found
    logger.warn({ msg: 'this machine is not what was registered: the registration is changed', changes })
    await registerChange(args, known)
    found = { changes: [] }
  }
  const machine = await readMachine(chain, known)
  if (machine.endpoint !== endpoint) await setEndpoint(chain, { machineId: known, endpoint })
  return { machineId: known, ...found }
}

async function hasOpenOrder({ chain, journal }: MachineArgs, machineId: bigint): Promise<boolean> {
  if (journal.loadOrders().some(({ state }) => state.phase !== 'settled')) return true
  return (await readMachine(chain, machineId)).currentOrderId !== 0n
}

async function knownMachine(args: MachineArgs): Promise<bigint | undefined> {
  const { journal } = args
  const fact = machineFactName(args)
  const stored = journal.fact<string>(fact)
  if (stored !== undefined && (await isOwn(args, BigInt(stored)))) return BigInt(stored)
  const found = await findMachine(args)
  if (found !== undefined) journal.saveFact(fact, String(found))
  return found
}

async function isOwn({ chain, seller }: MachineArgs, machineId: bigint): Promise<boolean> {
  if (machineId > (await readMachineCount(chain))) return false
  const { owner, status } = await readMachine(chain, machineId)
  return owner === seller && status !== 'None'
}

/** A machine registered before the data directory was lost. Parts of a host may be alike: each is found once. */
async function findMachine(args: MachineArgs): Promise<bigint | undefined> {
  const taken = [...knownMachines(args).values()]
  const specHash = sha256(canonicalBytes(args.reading.facts))
  const count = await readMachineCount(args.chain)
  for (let id = count; id > 0n && id > count - BigInt(MAX_SEARCHED); id--) {
    if (taken.includes(id)) continue
    const machine = await readMachine(args.chain, id)
    const isSame = machine.specHash === specHash && machine.endpoint === args.endpoint
    if (isSame && machine.owner === args.seller && machine.status !== 'None') return id
  }
  return undefined
}
