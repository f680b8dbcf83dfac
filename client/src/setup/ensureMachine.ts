import { addMachine } from '@trainyard/contracts/addMachine.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { setEndpoint } from '@trainyard/contracts/setEndpoint.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { sha256 } from 'ethers'
import type { Logger } from 'pino'
import type { MachineFacts } from '../facts/readMachineFacts.ts'
import type { Journal } from '../journal/openJournal.ts'

/** Machines looked through, newest first, when the journal does not know which is this one. */
const MAX_SEARCHED = 200

/** Registers this machine unless it is, and brings its endpoint up to date. Returns its id. */
export async function ensureMachine(args: {
  chain: ChainContext
  seller: string
  journal: Journal
  store: string
  hardwareClass: string
  endpoint: string
  facts: MachineFacts
  logger: Logger
}): Promise<bigint> {
  const { chain, journal, endpoint, facts, logger } = args
  const bytes = canonicalBytes(facts)
  const specHash = sha256(bytes)
  const { chainId, machines } = chain.deployment
  const fact = `machine:${chainId}:${machines}`
  const known = journal.fact<string>(fact)
  const machineId =
    known !== undefined && (await isOwn(args, BigInt(known)))
      ? BigInt(known)
      : ((await findMachine(args, specHash)) ?? (await register(args, bytes, specHash)))
  journal.saveFact(fact, String(machineId))
  const machine = await readMachine(chain, machineId)
  if (machine.specHash !== specHash) {
    logger.warn({ msg: 'this machine has changed since it was registered', machineId: String(machineId) })
  }
  if (machine.endpoint !== endpoint) await setEndpoint(chain, { machineId, endpoint })
  return machineId
}

type Args = Parameters<typeof ensureMachine>[0]

async function isOwn({ chain, seller }: Args, machineId: bigint): Promise<boolean> {
  if (machineId > (await readMachineCount(chain))) return false
  const { owner, status } = await readMachine(chain, machineId)
  return owner === seller && status !== 'None'
}

/** A machine registered before the data directory was lost. */
async function findMachine(args: Args, specHash: string): Promise<bigint | undefined> {
  const count = await readMachineCount(args.chain)
  for (let id = count; id > 0n && id > count - BigInt(MAX_SEARCHED); id--) {
    const machine = await readMachine(args.chain, id)
    const isSame = machine.specHash === specHash && machine.endpoint === args.endpoint
    if (isSame && machine.owner === args.seller && machine.status !== 'None') return id
  }
  return undefined
}

async function register(args: Args, bytes: Uint8Array, specHash: string): Promise<bigint> {
  const { chain, store, hardwareClass, endpoint, logger } = args
  const { cid, blocks } = await addBytes(bytes)
  await putBlocks(store, blocks)
  const { machineId } = await addMachine(chain, {
    specHash,
    specUri: cid,
    hardwareClass: hardwareClassOf(hardwareClass),
    endpoint,
  })
  logger.info({ msg: 'machine registered', machineId: String(machineId) })
  return machineId
}
