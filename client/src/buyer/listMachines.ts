import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'

export type MachineOffer = {
  machineId: string
  seller: string
  endpoint: string
  status: string
  completed: number
  failed: number
  expired: number
  offerId: string
  pricePerHourWei: string
  maxSeconds: number
}

/** Machines with an open offer, cheapest first, straight from the chain. */
export async function listMachines(context: ChainContext, maxMachines: number): Promise<MachineOffer[]> {
  const offers: MachineOffer[] = []
  const count = await readMachineCount(context)
  for (let id = count; id > 0n && id > count - BigInt(maxMachines); id--) {
    const machine = await readMachine(context, id)
    if (machine.offerId === 0n) continue
    const { pricePerHourWei, maxSeconds, open } = await readOffer(context, machine.offerId)
    if (!open) continue
    const { owner, endpoint, status, completed, failed, expired } = machine
    offers.push({
      machineId: String(id),
      seller: owner,
      endpoint,
      status,
      completed,
      failed,
      expired,
      offerId: String(machine.offerId),
      pricePerHourWei: String(pricePerHourWei),
      maxSeconds,
    })
  }
  return offers.sort((a, b) => (BigInt(a.pricePerHourWei) < BigInt(b.pricePerHourWei) ? -1 : 1))
}
