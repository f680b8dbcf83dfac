import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { readReputation } from '@trainyard/contracts/readReputation.ts'

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
  offerId: string
  pricePerHourWei: string
  minSeconds: number
  maxSeconds: number
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
  const [{ pricePerHourWei, minSeconds, maxSeconds, open }, { machine: record }] = await Promise.all([
    readOffer(context, machine.offerId),
    readReputation(context, id),
  ])
  if (!open) return undefined
  const { owner, endpoint, status, hardwareClass, specHash, completed, failed, expired } = machine
  const { fulfilmentBps, lastHeartbeatAt } = record
  return {
    machineId: String(id),
    seller: owner,
    ...{ endpoint, status, hardwareClass, specHash, completed, failed, expired },
    ...{ fulfilmentBps, lastHeartbeatAt },
    offerId: String(machine.offerId),
    pricePerHourWei: String(pricePerHourWei),
    ...{ minSeconds, maxSeconds },
  }
}

function byPrice(a: MachineOffer, b: MachineOffer): number {
  const difference = BigInt(a.pricePerHourWei) - BigInt(b.pricePerHourWei)
  return difference < 0n ? -1 : difference > 0n ? 1 : Number(BigInt(a.machineId) - BigInt(b.machineId))
}
