import { decodeBase64, encodeBase64, type Signer, toUtf8Bytes, toUtf8String, verifyTypedData } from 'ethers'
import { z } from 'zod'
import { VerifierError } from './errors.ts'
import { address, uintText } from './fields.ts'
import type { Hex } from './hash/hex.ts'

/** Longest life of a grant. */
export const MAX_GRANT_SECONDS = 3_600
const CLOCK_SKEW_SECONDS = 60
const MAX_HEADER_CHARS = 2_048
const SCHEME = 'Grant '

const types = {
  Grant: [
    { name: 'account', type: 'address' },
    { name: 'audience', type: 'address' },
    { name: 'orderId', type: 'uint256' },
    { name: 'expiresAt', type: 'uint64' },
  ],
}

const grantSchema = z.strictObject({
  account: address,
  audience: address,
  orderId: uintText,
  /** Unix seconds */
  expiresAt: z.int().positive(),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
})

/** A signed, short-lived claim that `account` asks `audience` (a seller) about one order. */
export type Grant = z.infer<typeof grantSchema>

/** The grant is no good: `reason` says why; ask the account's owner for a new one. */
export class GrantRefused extends VerifierError {
  override name = 'GrantRefused'
  readonly reason:
    | 'missing'
    | 'malformed'
    | 'expired'
    | 'too-long'
    | 'wrong-audience'
    | 'wrong-order'
    | 'bad-signature'

  constructor(reason: GrantRefused['reason']) {
    super(
      `The grant was refused: ${reason}.`,
      'Sign a new grant for this seller and order, valid for at most an hour.',
    )
    this.reason = reason
  }
}

/** Where the order is: a grant for order 7 of one market is none for order 7 of another on the same chain. */
type Place = { chainId: number; market: string }

function domain({ chainId, market }: Place) {
  return { name: 'Trainyard', version: '1', chainId, verifyingContract: market }
}

/** Signs a grant for `lifetimeSeconds` (default 10 minutes) and returns the `authorization` header's value. */
export async function signGrant(
  signer: Pick<Signer, 'getAddress' | 'signTypedData'>,
  args: Place & { audience: string; orderId: bigint; lifetimeSeconds?: number },
): Promise<string> {
  const lifetimeSeconds = Math.min(args.lifetimeSeconds ?? 600, MAX_GRANT_SECONDS)
  const claim = {
    account: await signer.getAddress(),
    audience: args.audience,
    orderId: args.orderId.toString(),
    expiresAt: Math.floor(Date.now() / 1000) + lifetimeSeconds,
  }
  const signature = await signer.signTypedData(domain(args), types, claim)
  return SCHEME + base64Url(JSON.stringify({ ...claim, signature }))
}

function base64Url(text: string): string {
  return encodeBase64(toUtf8Bytes(text)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function parseHeader(header: string | undefined): Grant {
  if (!header) throw new GrantRefused('missing')
  if (!header.startsWith(SCHEME) || header.length > MAX_HEADER_CHARS) throw new GrantRefused('malformed')
  try {
    const text = header.slice(SCHEME.length).replaceAll('-', '+').replaceAll('_', '/')
    return grantSchema.parse(JSON.parse(toUtf8String(decodeBase64(text))))
  } catch {
    throw new GrantRefused('malformed')
  }
}

/** When a grant ends, Unix seconds, as its header says. Throws GrantRefused for a header that is none. */
export function expiryOfGrant(header: string): number {
  return parseHeader(header).expiresAt
}

function signerOf(grant: Grant, place: Place): string | undefined {
  try {
    const { signature, ...claim } = grant
    return verifyTypedData(domain(place), types, claim, signature)
  } catch {
    return undefined
  }
}

/**
 * Checks an `authorization` header and returns the account that signed it; whether that account may read the order
 * is the caller's question. Throws GrantRefused. Clocks may differ by a minute.
 * @param nowSeconds Unix time of the checker's clock
 */
export function checkGrant(
  header: string | undefined,
  expected: Place & { audience: string; orderId: bigint; nowSeconds?: number },
): Hex {
  const grant = parseHeader(header)
  const now = expected.nowSeconds ?? Math.floor(Date.now() / 1000)
  if (grant.audience.toLowerCase() !== expected.audience.toLowerCase())
    throw new GrantRefused('wrong-audience')
  if (BigInt(grant.orderId) !== expected.orderId) throw new GrantRefused('wrong-order')
  if (grant.expiresAt < now - CLOCK_SKEW_SECONDS) throw new GrantRefused('expired')
  if (grant.expiresAt > now + MAX_GRANT_SECONDS + CLOCK_SKEW_SECONDS) throw new GrantRefused('too-long')
  const signer = signerOf(grant, expected)
  if (signer?.toLowerCase() !== grant.account.toLowerCase()) throw new GrantRefused('bad-signature')
  return grant.account
}
