import type { ChainContext } from '@trainyard/contracts/context.ts'
import { modesIn } from '@trainyard/contracts/modesMask.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { readReputation } from '@trainyard/contracts/readReputation.ts'
import { readScore } from '@trainyard/contracts/readScore.ts'
import type { ProofMode } from '@trainyard/contracts/words.ts'

export type MachineOffer = {
  machineId: string
  seller: string
  endpoint: string
  status: string
  hardwareClass: string
  specHash: string
  completed: number
  failed: number
  expired: number
  /** Of its ended orders, how many it kept, in hundredths of a percent; 0 without any. */
  fulfilmentBps: number
  /** Unix seconds; 0: never. */
  lastHeartbeatAt: number
  score: MachineScore
  offerId: string
  pricePerHourWei: string
  minSeconds: number
  maxSeconds: number
  /** What orders it takes. */
  modes: ProofMode[]
}

/** What a machine has been seen to do (docs/hashrate.md); nano-ut, one ut is 4.32e11 operations. Times are Unix seconds. */
export type MachineScore = {
  effectiveNutPerDay: string
  tecpNut: string
  decpNut: string
  creditedAt: number
  /** What counts of its audited speed, while it is fresh. */
  mflops: string
  fresh: boolean
  measuredAt: number
}

const AT_ONCE = 25

/** Machines with an open offer, cheapest first, straight from the chain. */
export async function listMachines(context: ChainContext, maxMachines: number): Promise<MachineOffer[]> {
  const count = await readMachineCount(context)
  const offers: MachineOffer[] = []
  const oldest = count > BigInt(maxMachines) ? count - BigInt(maxMachines) + 1n : 1n
  for (let last = count; last >= oldest; last -= BigInt(AT_ONCE)) {
    const ids: bigint[] = []
    for (let id = last; id >= oldest && id > last - BigInt(AT_ONCE); id--) ids.push(id)
    const found = await Promise.all(ids.map((id) => readOffered(context, id)))
    offers.push(...found.filter((offer) => offer !== undefined))
  }
  return offers.sort(byPrice)
}

async function readOffered(context: ChainContext, id: bigint): Promise<MachineOffer | undefined> {
  const machine = await readMachine(context, id)
  if (machine.offerId === 0n) return undefined
  const [{ pricePerHourWei, minSeconds, maxSeconds, open }, { machine: record }, score] = await Promise.all([
    readOffer(context, machine.offerId),
    readReputation(context, id),
    readScoreOf(context, id),
  ])
  if (!open) return undefined
  const { owner, endpoint, status, hardwareClass, specHash, completed, failed, expired } = machine
  const { fulfilmentBps, lastHeartbeatAt } = record
  return {
    machineId: String(id),
    seller: owner,
    ...{ endpoint, status, hardwareClass, specHash, completed, failed, expired },
    ...{ fulfilmentBps, lastHeartbeatAt },
    score,
    offerId: String(machine.offerId),
    pricePerHourWei: String(pricePerHourWei),
    ...{ minSeconds, maxSeconds },
    modes: modesIn(machine.modes),
  }
}

async function readScoreOf(context: ChainContext, id: bigint): Promise<MachineScore> {
  const { effectiveNutPerDay, tecpNut, decpNut, creditedAt, device } = await readScore(context, id)
  return {
    effectiveNutPerDay: String(effectiveNutPerDay),
    tecpNut: String(tecpNut),
    decpNut: String(decpNut),
    creditedAt,
    mflops: String(device.mflops),
    fresh: device.fresh,
    measuredAt: device.measuredAt,
  }
}

function byPrice(a: MachineOffer, b: MachineOffer): number {
  const difference = BigInt(a.pricePerHourWei) - BigInt(b.pricePerHourWei)
  return difference < 0n ? -1 : difference > 0n ? 1 : Number(BigInt(a.machineId) - BigInt(b.machineId))
}
