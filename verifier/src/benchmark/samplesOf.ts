import { AbiCoder, encodeBytes32String, keccak256 } from 'ethers'

const SAMPLES = 20
const TAG = encodeBytes32String('trainyard.sample')

/** Which products of a benchmark auditors look at: the first, and twenty drawn by the chain after it was committed. */
export function samplesOf(sampleSeed: string, iterations: number): number[] {
  const coder = AbiCoder.defaultAbiCoder()
  const drawn = Array.from({ length: SAMPLES }, (_, i) => {
    const word = keccak256(coder.encode(['bytes32', 'uint256', 'bytes32'], [TAG, i, sampleSeed]))
    return Number(BigInt(word) % BigInt(iterations))
  })
  return [...new Set([0, ...drawn])].sort((a, b) => a - b)
}

/** A round's seed for one machine: two machines have nothing in common. */
export function machineSeed(roundSeed: string, machineId: bigint): string {
  const coder = AbiCoder.defaultAbiCoder()
  return keccak256(coder.encode(['bytes32', 'uint256'], [roundSeed, machineId]))
}
