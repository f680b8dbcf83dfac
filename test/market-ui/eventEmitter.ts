import { interfaces } from '@trainyard/contracts/pallets.ts'
import { toBeHex } from 'ethers'
import type { Devnet } from '../helpers/devnet.ts'

/**
 * A contract that logs `Bonded(caller, n), Bonded(caller, n - 1), …` for the number n it is called with: real events of a
 * real chain, as many as wanted. Loop: JUMPDEST, end when zero, n to memory, LOG2, n - 1, again.
 */
const code = (): string => {
  const topic = interfaces.staking.getEvent('Bonded')!.topicHash.slice(2)
  const loop = 0x03
  const body = `5b8015603b5780600052337f${topic}60206000a26001900360${toBeHex(loop, 1).slice(2)}56`
  return `0x600035${body}5b00`
}

/** Puts it where the staking pallet is, whose events the follower reads. */
export const installEmitter = async (net: Devnet): Promise<void> => {
  await net.provider.send('anvil_setCode', [net.deployment.staking, code()])
}

/** Logs `count` events in one transaction, which mines a block. */
export const emitEvents = async (net: Devnet, from: string, count: number): Promise<void> => {
  await net.provider.send('eth_sendTransaction', [
    { from, to: net.deployment.staking, data: toBeHex(count, 32), gas: toBeHex(100_000 + count * 3_000) },
  ])
}
