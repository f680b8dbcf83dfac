import { keccak_256 } from '@noble/hashes/sha3.js'
import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'
import { concat, getBytes, toBeHex } from 'ethers'
import { z } from 'zod'
import { sha256 } from '#sha256'
import { EVMNET_DST } from '../../bls/hashToG1.ts'
import type { PublicKeyPoint, SignaturePoint } from '../../bls/points.ts'
import { verify } from '../../bls/verify.ts'
import { InputInvalid } from '../../errors.ts'
import { whole } from '../../fields.ts'
import { type Hex, toHex } from '../../hash/hex.ts'
import { parseJson } from '../../json.ts'

export const MAX_ROUND_BYTES = 4_096
const MAX_ROUND = 2 ** 48

/** What a relay says of a round. Its own idea of the randomness is not looked at: that follows from the signature. */
const roundSchema = z.object({
  round: whole(1, MAX_ROUND),
  signature: z.string().regex(/^[0-9a-fA-F]{128}$/, 'expected 64 bytes of hex'),
})

/** A round with the network's signature, checked. */
export type DrandRound = { round: number; signature: SignaturePoint; value: Hex }

/**
 * Reads a relay's answer about a round, and checks that the network's key signed that round: there is one such signature,
 * and the SHA-256 of its 64 bytes is the round's value. Throws InputInvalid.
 */
export function readRound(network: DrandNetwork, round: number, bytes: Uint8Array): DrandRound {
  const what = `${network.name} ${round}`
  const said = parseJson(bytes, roundSchema, what, MAX_ROUND_BYTES)
  if (said.round !== round) throw new InputInvalid(what, `the answer is about round ${said.round}`)
  return verified(network, said, what)
}

/** As readRound, of whatever round the relay says is its newest. */
export function readNewestRound(network: DrandNetwork, bytes: Uint8Array): DrandRound {
  const what = `newest round of ${network.name}`
  return verified(network, parseJson(bytes, roundSchema, what, MAX_ROUND_BYTES), what)
}

function verified(network: DrandNetwork, said: z.infer<typeof roundSchema>, what: string): DrandRound {
  const { round } = said
  const at = (start: number) => BigInt(`0x${said.signature.slice(start, start + 64)}`)
  const signature = [at(0), at(64)] as const
  const found = { round, signature, value: toHex(sha256(Buffer.from(said.signature, 'hex'))) }
  if (!isRound(network.publicKey, found)) {
    throw new InputInvalid(what, "the signature is not the network's on this round")
  }
  return found
}

/** The network's key signed this round, and the value is what follows from that signature. */
export function isRound(publicKey: PublicKeyPoint, { round, value, signature }: DrandRound): boolean {
  const bytes = getBytes(concat(signature.map((word) => toBeHex(word, 32))))
  return value === toHex(sha256(bytes)) && verify(publicKey, EVMNET_DST, messageOf(round), signature)
}

/** What the network signs of a round: keccak256 of its number, 8 bytes, big-endian. */
export function messageOf(round: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(round))
  return keccak_256(bytes)
}
