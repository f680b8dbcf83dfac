import { AbiCoder, encodeBytes32String, keccak256 } from 'ethers'
import type { Sample } from './program/runBenchmark.ts'
import { TILES } from './program/workload.ts'

const SAMPLES = 24
const TAG = encodeBytes32String('trainyard.sample')
const PRECISION = encodeBytes32String('trainyard.precision')

/** Which tiles auditors look at: one of the first product, and 24 drawn by the chain after all were committed. */
export function samplesOf(sampleSeed: string, products: number): Sample[] {
  return drawn(sampleSeed, products)
}

/** The same of one precision's products, drawn apart. */
export function precisionSamplesOf(
  sampleSeed: string,
  { precision, products }: { precision: number; products: number },
): Sample[] {
  return drawn(
    keccak256(encode(['bytes32', 'bytes32', 'uint256'], [PRECISION, sampleSeed, precision])),
    products,
  )
}

function drawn(sampleSeed: string, products: number): Sample[] {
  return Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const word = BigInt(keccak256(encode(['bytes32', 'uint256', 'bytes32'], [TAG, i, sampleSeed])))
    const index = i === 0 ? 0 : Number((word >> 64n) % BigInt(products))
    return { index, tile: Number(word % BigInt(TILES)) }
  })
}

/** A round's seed for one machine: two machines have nothing in common. */
export function machineSeed(roundSeed: string, machineId: bigint): string {
  return keccak256(encode(['bytes32', 'uint256'], [roundSeed, machineId]))
}

function encode(types: string[], values: unknown[]): string {
  return AbiCoder.defaultAbiCoder().encode(types, values)
}
