import { AbiCoder, keccak256, solidityPacked } from 'ethers'

/** What verdicts are about (IProofs.sharesOf): the seed that drew the segments, and the panel among which they are shared out. */
export function drawDigest(seed: string, panel: readonly string[]): string {
  const members = keccak256(
    solidityPacked(
      panel.map(() => 'bytes32'),
      panel.map((member) => `0x${member.slice(2).toLowerCase().padStart(64, '0')}`),
    ),
  )
  return keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32', 'bytes32'], [seed, members]))
}
