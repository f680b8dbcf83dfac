import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'
import { toBeHex } from 'ethers'
import { z } from 'zod'
import { whole } from '../../fields.ts'
import { parseJson } from '../../json.ts'

export const MAX_INFO_BYTES = 8_192
const MAX_SECONDS = 2 ** 40

/** What a relay says of the network that it serves under a chain hash. */
const infoSchema = z.object({
  hash: z.string().regex(/^[0-9a-fA-F]{64}$/, 'expected 32 bytes of hex'),
  public_key: z.string().regex(/^[0-9a-fA-F]{256}$/, 'expected 128 bytes of hex'),
  genesis_time: whole(0, MAX_SECONDS),
  period: whole(1, MAX_SECONDS),
})

/**
 * What of a relay's information is not that of this network: none where it serves it. It proves nothing, rounds do; but it says
 * in words what is wrong with an address. Throws InputInvalid where it is no information at all.
 */
export function readInfo(network: DrandNetwork, bytes: Uint8Array): string[] {
  const said = parseJson(bytes, infoSchema, `information on ${network.name}`, MAX_INFO_BYTES)
  const key = network.publicKey.map((word) => toBeHex(word, 32).slice(2)).join('')
  const differs: string[] = []
  if (said.hash.toLowerCase() !== network.chainHash) differs.push(`its chain hash is ${said.hash}`)
  if (said.public_key.toLowerCase() !== key) differs.push('its public key is another')
  if (said.genesis_time !== network.genesisSeconds) differs.push(`its genesis is ${said.genesis_time}`)
  if (said.period !== network.periodSeconds) differs.push(`its period is ${said.period} s`)
  return differs
}
