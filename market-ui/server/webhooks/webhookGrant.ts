import { decodeBase64, getAddress, isHexString, toUtf8String, verifyTypedData } from 'ethers'
import { z } from 'zod'

type Chain = { readonly chainId: number; readonly market: string }

/** Longest life of a grant: what somebody copied from a log is soon worth nothing. */
export const GRANT_SECONDS = 3_600

const types = {
  WebhookGrant: [
    { name: 'account', type: 'address' },
    { name: 'server', type: 'string' },
    { name: 'expiresAt', type: 'uint64' },
  ],
}

const grantSchema = z.strictObject({
  account: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  /** Host of the market server it is for: another one cannot use it. */
  server: z.string().max(200),
  expiresAt: z.int().positive(),
  signature: z.string().max(400),
})

export type WebhookGrant = z.infer<typeof grantSchema>

/** EIP-712: what an account signs to see and change its webhooks on one server for a while. */
export const webhookGrantData = ({ chainId, market }: Chain, grant: Omit<WebhookGrant, 'signature'>) => ({
  domain: { name: 'Trainyard', version: '1', chainId, verifyingContract: market },
  types,
  value: grant,
})

const fromUrl = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/')

/** Whose grant it is; undefined if it is none, over, for another server, or signed by another key. */
export const accountOfGrant = (
  chain: Chain,
  isOwnHost: (server: string) => boolean,
  untrustedHeader: string | undefined,
  nowSeconds: number,
): string | undefined => {
  const [scheme, text] = (untrustedHeader ?? '').split(' ')
  if (scheme !== 'Grant' || text === undefined || text.length > 2_000) return undefined
  try {
    const grant = grantSchema.parse(JSON.parse(toUtf8String(decodeBase64(fromUrl(text)))))
    const { signature, ...said } = grant
    const isTimely = grant.expiresAt > nowSeconds && grant.expiresAt <= nowSeconds + GRANT_SECONDS + 60
    if (!isTimely || !isOwnHost(grant.server) || !isHexString(signature)) return undefined
    const { domain, types: named, value } = webhookGrantData(chain, said)
    const signer = verifyTypedData(domain, named, value, signature)
    return signer === getAddress(grant.account) ? signer : undefined
  } catch {
    return undefined
  }
}
