import { id } from 'ethers'

/** On-chain value of a hardware class: keccak256 of its name. `canonical` means any machine. */
export function hardwareClassOf(name: string): string {
  return id(name)
}
