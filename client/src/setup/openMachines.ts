import { readMachine } from '@trainyard/contracts/readMachine.ts'
import type { Config } from '../config/config.ts'
import { type MachineConfig, machinesOf, nameOf } from '../config/machinesOf.ts'
import type { DaemonContext } from '../engine/context.ts'
import { limitsOf } from '../engine/limitsOf.ts'
import { ClientError } from '../errors.ts'
import { partOf } from '../facts/partOf.ts'
import { type MachineReading, readMachineFacts } from '../facts/readMachineFacts.ts'
import { isDraining } from './draining.ts'
import { ensureBond } from './ensureBond.ts'
import { ensureMachine } from './ensureMachine.ts'
import { ensureModes } from './ensureModes.ts'
import { ensureOffer } from './ensureOffer.ts'
import type { MachineChanges } from './findChanges.ts'
import { needsGpus, wantedOffer } from './keepOffer.ts'
import { knownMachines, machineFactName } from './machineArgs.ts'
import { createPricer, type Pricer } from './price/createPricer.ts'
import { sendHeartbeat } from './sendHeartbeat.ts'

/** One of a daemon's machines, registered, and what keeps its offer as it should be. */
export type OpenedMachine = { daemon: DaemonContext; pricer: Pricer; found: MachineChanges }

type Shared = Omit<DaemonContext, 'config' | 'machineId' | 'limits' | 'gpus'>
type Args = { config: Config; endpoint: string; searchPath: string }

/**
 * Registers the machines of a configuration as far as that is not done yet, and takes back the offers of those that
 * are no longer in it. Throws ClientError where a GPU is named that was never seen here.
 */
export async function openMachines(
  shared: Shared,
  { config, endpoint, searchPath }: Args,
): Promise<[OpenedMachine, ...OpenedMachine[]]> {
  const measured = await readMachineFacts({ dataDir: config.dataDir, searchPath })
  const [first, ...rest] = machinesOf(config)
  const open = (machine: MachineConfig) => openMachine(shared, machine, { endpoint, searchPath, measured })
  const opened: [OpenedMachine, ...OpenedMachine[]] = [await open(first)]
  // One after the other: parts of a host may be alike, and each is found once.
  for (const machine of rest) opened.push(await open(machine))
  await takeBackOthers(
    shared,
    opened.map(({ daemon }) => daemon.config.name),
  )
  return opened
}

async function openMachine(
  shared: Shared,
  config: MachineConfig,
  args: { endpoint: string; searchPath: string; measured: MachineReading },
): Promise<OpenedMachine> {
  const { chain, seller, journal, logger, driver } = shared
  const { name, store, hardwareClass, share } = config
  const reading = partOf(args.measured, config)
  const machine = { name, chain, seller, journal, store, hardwareClass, reading, logger }
  requireGpus(config, reading, knownMachines(machine).has(machineFactName(machine)))
  const { machineId, ...found } = await ensureMachine({ ...machine, endpoint: args.endpoint })
  const { gpus, diskBytes } = reading.facts
  const daemon: DaemonContext = {
    ...shared,
    config,
    machineId,
    limits: limitsOf({ share, diskBytes }),
    gpus: gpus.map(({ uuid }) => uuid),
  }
  const pricer = createPricer({ config, journal, searchPath: args.searchPath, logger })
  if (needsGpus(daemon) && driver.gpuRefusal !== undefined) {
    const reason = driver.gpuRefusal
    logger.warn({ msg: 'not offered: jobs cannot be given its GPUs', ...nameOf(config), reason })
  }
  return { daemon, pricer, found }
}

/** A GPU that a registered machine has lost may come back; one that was never there is a mistake. */
function requireGpus({ name, gpus }: MachineConfig, { gpuProblem }: MachineReading, isKnown: boolean): void {
  if (gpus === undefined || gpuProblem === undefined || isKnown) return
  throw new ClientError(
    `The GPUs of ${name === '' ? 'this machine' : `machine "${name}"`} cannot be registered: ${gpuProblem}.`,
    'Correct "gpus" (nvidia-smi -L lists what is there), or see why the GPU does not answer.',
  )
}

/** Bonds, offers and gives a sign of life, as far as that is not done yet; only the last while draining. */
export async function putUp(opened: readonly OpenedMachine[]): Promise<void> {
  for (const machine of opened) {
    const { chain, seller, machineId, config } = machine.daemon
    if (!(await isDraining(config))) await ensureBond(chain, seller, config.bondWei)
    await ensureModes(chain, machineId, config.proofModes)
    await ensureOffer(chain, machineId, await wantedOffer({ ...machine, busy: false }))
    await sendHeartbeat(chain, machineId, config.heartbeatSeconds, Date.now())
  }
}

/** Nobody would start what is ordered from a machine that is not in the configuration any more. */
async function takeBackOthers(shared: Shared, names: readonly string[]): Promise<void> {
  const { chain, seller, logger } = shared
  const own = names.map((name) => machineFactName({ chain, name }))
  for (const [fact, machineId] of knownMachines(shared)) {
    if (own.includes(fact)) continue
    const { owner, offerId } = await readMachine(chain, machineId)
    if (owner !== seller || offerId === 0n) continue
    await ensureOffer(chain, machineId, undefined)
    const msg = 'took back the offer of a machine that is not in the configuration any more'
    logger.warn({ msg, machineId: String(machineId) })
  }
}
