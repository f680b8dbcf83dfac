import { toBeHex, ZeroAddress } from 'ethers'
import type { Deployment } from './deployment.ts'
import type { BeaconFacts } from './readBeacon.ts'

/** A beacon as commitWindow and amendWindow take it: a block's hash, or the number of a drand round. */
export function beaconWord({ beacon }: Deployment, { value, position }: BeaconFacts): string {
  return beacon === ZeroAddress ? value : toBeHex(position, 32)
}
