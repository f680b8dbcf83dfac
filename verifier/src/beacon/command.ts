import { createProvider } from '@trainyard/contracts/context.ts'
import { EVMNET } from '@trainyard/contracts/drandNetwork.ts'
import { Command, InvalidArgumentError } from 'commander'
import { ArgumentInvalid } from '../errors.ts'
import type { Rim } from '../rim.ts'
import { nodeUrl, webUrls } from '../urlOption.ts'
import type { Beacon } from './beacon.ts'
import { createBlockBeacon } from './blockBeacon.ts'
import { createDrandBeacon } from './drand/createDrandBeacon.ts'
import { EVMNET_RELAYS } from './drand/network.ts'

type Options = { round?: number; block?: number; rpc?: string; relay?: string[]; json?: true }

/** `trainyard-verify beacon`: a beacon's value by its position, a drand round with its signature checked here. */
export function beaconCommand(rim: Rim): Command {
  return new Command('beacon')
    .description("look up a beacon's value: a drand round, whose signature is verified, or a block's hash")
    .option('--round <number>', 'round of drand evmnet', parsePosition)
    .option('--relay <url...>', 'relays to ask instead of the public ones', webUrls)
    .option('--block <number>', 'block, of the chain behind --rpc', parsePosition)
    .option('--rpc <url>', 'JSON-RPC address of the chain', nodeUrl)
    .option('--json', 'print it as JSON')
    .action(async (options: Options) => {
      const { beacon, position, close } = beaconOf(options)
      try {
        const value = await beacon.valueOf(position)
        const found = { beacon: beacon.name, position, value }
        rim.say(options.json ? JSON.stringify(found) : `${beacon.name} ${position}: ${value}`)
        rim.exitWith('valid')
      } finally {
        close()
      }
    })
}

function beaconOf({ round, block, rpc, relay }: Options): {
  beacon: Beacon
  position: number
  close: () => void
} {
  if (round !== undefined && block === undefined) {
    return { beacon: createDrandBeacon(EVMNET, relay ?? EVMNET_RELAYS), position: round, close: () => {} }
  }
  if (block === undefined || round !== undefined || rpc === undefined)
    throw new ArgumentInvalid('A beacon is named by --round, or by --block with --rpc')
  const provider = createProvider(rpc, 0) // a block's hash is asked for, whatever the chain
  return { beacon: createBlockBeacon(provider), position: block, close: () => provider.destroy() }
}

function parsePosition(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('must be a whole number')
  return Number(text)
}
