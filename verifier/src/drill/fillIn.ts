import { AbiCoder, encodeBytes32String, keccak256 } from 'ethers'
import type { Hex } from '../hash/hex.ts'
import type { DrillTask } from './task.ts'

const TAG = encodeBytes32String('trainyard.fillin')
const MODELS = 16
const SAMPLES = 1_024
/** The printed digits that this project made, and what is in them. */
const DIGITS = {
  data: 'bafybeifbwk7q75uoopkqmkj5pr4dz4d2hjbclljkonfwsp76yr6amofxny',
  samples: 5_120,
  layers: [256, 128, 10],
}

/** What machines do when nobody submits a task: it follows from the seed that drew them, so nobody knew it before. */
export function fillIn(seed: string): DrillTask {
  const word = (index: number) => {
    const coder = AbiCoder.defaultAbiCoder()
    return keccak256(coder.encode(['bytes32', 'bytes32', 'uint256'], [TAG, seed, index])) as Hex
  }
  return {
    version: 1,
    kind: 'canonical-evaluation',
    layers: DIGITS.layers,
    seeds: Array.from({ length: MODELS }, (_, i) => word(i + 1)),
    data: DIGITS.data,
    first: Number(BigInt(word(0)) % BigInt(DIGITS.samples - SAMPLES + 1)),
    count: SAMPLES,
  }
}
