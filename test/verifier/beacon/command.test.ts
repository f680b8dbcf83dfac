import { EVMNET } from '@trainyard/contracts/drandNetwork.ts'
import { expect, test } from 'vitest'
import { createBlockBeacon } from '../../../verifier/src/beacon/blockBeacon.ts'
import { beaconCommand } from '../../../verifier/src/beacon/command.ts'
import { BeaconNotYet, BeaconUnavailable } from '../../../verifier/src/beacon/errors.ts'
import { startRelay } from '../../helpers/localDrand.ts'

const SIGNATURE =
  '11f812d738a36b2210dc88c2d635ad8039588205f42445d6de09e6530165c346' +
  '2a23aca348c84badcf8df5321ac24577b7963d5b0d780bc4626baedb45cde373'

async function run(...args: string[]) {
  const said: string[] = []
  const exits: string[] = []
  const rim = { say: (text: string) => said.push(text), exitWith: (verdict: string) => exits.push(verdict) }
  await beaconCommand(rim)
    .exitOverride()
    .parseAsync(['node', 'beacon', ...args])
  return { said, exits }
}

test('default: a round of evmnet from a relay, verified', async () => {
  const relay = await startRelay(EVMNET, (round) => ({
    body: JSON.stringify({ round, signature: SIGNATURE }),
  }))
  try {
    const { said, exits } = await run('--round', '1', '--relay', relay.url, '--json')
    expect(JSON.parse(said[0]!)).toEqual({
      beacon: 'drand evmnet',
      position: 1,
      value: '0x781b75698adc3af62cfa55db83cf0c73ae54e1ac8c0d4c3a2224126b65369ec5',
    })
    expect(exits).toEqual(['valid'])
    // The same signature is none of round 2.
    await expect(run('--round', '2', '--relay', relay.url)).rejects.toBeInstanceOf(BeaconUnavailable)
  } finally {
    relay.stop()
  }
})

test('error: neither a round nor a block of a chain', async () => {
  await expect(run()).rejects.toThrow(/named by --round/)
  await expect(run('--block', '3')).rejects.toThrow(/with --rpc/)
})

test('behavior: a block’s hash, if the node has that block', async () => {
  const hash = `0x${'7b'.repeat(32)}`
  const getBlock = async (block: unknown) =>
    block === 5 || block === 'latest' ? { hash, number: 5, timestamp: 100 } : null
  const beacon = createBlockBeacon({ getBlock } as never)
  expect(await beacon.valueOf(5)).toBe(hash)
  expect(await beacon.positionAt(200_000)).toBe(5)
  await expect(beacon.valueOf(6)).rejects.toBeInstanceOf(BeaconNotYet)
  const silent = createBlockBeacon({ getBlock: () => Promise.reject(new Error('no answer')) } as never)
  await expect(silent.valueOf(5)).rejects.toBeInstanceOf(BeaconUnavailable)
})
