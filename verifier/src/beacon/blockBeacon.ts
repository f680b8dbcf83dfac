import type { Provider } from 'ethers'
import type { Hex } from '../hash/hex.ts'
import type { Beacon } from './beacon.ts'
import { BeaconNotYet, BeaconUnavailable } from './errors.ts'

/**
 * Hashes of blocks, as their headers say: good enough for a devnet, since whoever makes blocks can throw them away. It
 * believes the node that is asked.
 */
export function createBlockBeacon(provider: Pick<Provider, 'getBlock'>): Beacon {
  const name = 'block'
  const blockAt = async (block: number | 'latest', position: number) => {
    try {
      return await provider.getBlock(block)
    } catch (error) {
      throw new BeaconUnavailable(name, position, [error instanceof Error ? error.message : String(error)])
    }
  }
  return {
    name,
    async positionAt(unixMs) {
      const head = await blockAt('latest', 0)
      if (head && head.timestamp * 1000 <= unixMs) return head.number
      throw new BeaconUnavailable(name, 0, ['only the newest block is known by its time'])
    },
    async valueOf(position) {
      const block = await blockAt(position, position)
      if (!block?.hash) throw new BeaconNotYet(name, position)
      return block.hash as Hex
    },
  }
}
