import type { Rounds } from '@trainyard/contracts/rounds.ts'
import type { OrderRecord } from '../bundle/orderRecord.ts'

/**
 * The rounds that an order's record shows: nobody else has to be asked. Whether they are the network's is another check's
 * business (checks/seeds.ts).
 */
export function recordedRounds({ windows }: OrderRecord): Rounds {
  return {
    async roundOf(round) {
      const found = windows.find(({ beaconBlock, roundSignature }) => beaconBlock === round && roundSignature)
      if (!found?.roundSignature) throw new Error(`The record does not show drand round ${round}.`)
      const [x, y] = found.roundSignature
      return { round, value: found.beacon, signature: [BigInt(x), BigInt(y)] }
    },
  }
}
