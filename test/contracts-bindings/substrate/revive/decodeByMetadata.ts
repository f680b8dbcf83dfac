import type { ApiPromise } from '@polkadot/api'
import { compactFromU8a } from '@polkadot/util'

/**
 * Reads an extrinsic by the chain's metadata alone: every extension that is listed there is read, in order, with the type
 * that it has there, so that one which the library left out is found missing.
 */

type Codec = { encodedLength: number; toU8a(): Uint8Array; toJSON(): unknown; toHuman(): unknown }
type Registry = ApiPromise['registry']
type Extension = { readonly identifier: unknown; readonly type: unknown; readonly implicit: unknown }

export type DecodedExtrinsic = {
  readonly isSigned: boolean
  /** public key, hex; the key's type; the signature */
  readonly signer: string
  readonly signatureType: string
  readonly signature: Uint8Array
  readonly extensions: ReadonlyMap<string, Codec>
  readonly call: Codec & { section: string; method: string; args: Codec[] }
  /** what was signed, for these implicit values */
  payload(implicit: ReadonlyMap<string, Uint8Array>): Uint8Array
}

const SIGNED = 0x84
const GENERAL_FORMATS = [0x04, 0x05]

export function decodeByMetadata(registry: Registry, bytes: Uint8Array): DecodedExtrinsic {
  const [lengthBytes, length] = compactFromU8a(bytes)
  if (bytes.length !== lengthBytes + length.toNumber()) throw new Error('the length is wrong')
  let offset: number = lengthBytes
  const version = bytes[offset++]!
  const { addressType, signatureType, callType, transactionExtensions } = registry.metadata.extrinsic
  const take = (type: unknown): Codec => {
    const codec = registry.createType(
      registry.createLookupType(type as never) as never,
      bytes.subarray(offset),
    ) as unknown as Codec
    offset += codec.encodedLength
    return codec
  }
  const isSigned = version === SIGNED
  if (!isSigned && !GENERAL_FORMATS.includes(version)) throw new Error(`extrinsics of version ${version}`)
  const listed = transactionExtensions as unknown as readonly Extension[]
  const address = isSigned ? (take(addressType) as unknown as { inner: { toHex(): string } }) : undefined
  const signature = isSigned ? (take(signatureType) as unknown as { type: string; inner: Codec }) : undefined
  const extensions = new Map(
    isSigned ? listed.map(({ identifier, type }) => [String(identifier), take(type)] as const) : [],
  )
  const call = take(callType) as DecodedExtrinsic['call']
  if (offset !== bytes.length) throw new Error(`${bytes.length - offset} bytes are left over`)
  return {
    isSigned,
    signer: address?.inner.toHex() ?? '',
    signatureType: signature?.type ?? '',
    signature: signature?.inner.toU8a() ?? new Uint8Array(),
    extensions,
    call,
    payload(implicit) {
      const signed = listed.map(({ identifier, implicit: type }) => {
        const value = implicit.get(String(identifier))
        const codec = registry.createType(registry.createLookupType(type as never) as never, value)
        const needsNone = (codec as unknown as Codec).encodedLength === 0
        if (!needsNone && value === undefined) throw new Error(`what ${String(identifier)} signs is unknown`)
        return (codec as unknown as Codec).toU8a()
      })
      const explicit = [...extensions.values()].map((extension) => extension.toU8a())
      return Buffer.concat([call.toU8a(), ...explicit, ...signed])
    },
  }
}
