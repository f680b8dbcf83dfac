import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { encodeBase64, toUtf8Bytes } from 'ethers'
import type { AddedWebhook, Webhooks } from '../../server/api/accountSchemas.ts'
import { GRANT_SECONDS, webhookGrantData } from '../../server/webhooks/webhookGrant.ts'
import { problemOf, unanswered } from '../api/fetchJson.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import { webhooksApi } from '../url.ts'
import type { WalletState } from '../wallet/WalletStore.ts'

type Signing = { readonly wallet: WalletState; readonly deployment: Deployment; readonly tell: Tell }

const TIMEOUT_MS = 15_000

/** The account's own word that this page may see and change its webhooks, for an hour; kept in memory only. */
export const signGrant = ({ wallet, deployment, tell }: Signing): Promise<string> =>
  withWallet(wallet, deployment, tell, async ({ runner }, account) => {
    const signer = runner as unknown as Signer
    const expiresAt = Math.floor(Date.now() / 1000) + GRANT_SECONDS
    const grant = { account, server: location.host, expiresAt }
    const { domain, types, value } = webhookGrantData(deployment, grant)
    const signature = await signer.signTypedData(domain, types, value)
    const text = encodeBase64(toUtf8Bytes(JSON.stringify({ ...grant, signature })))
    return `Grant ${text.replaceAll('+', '-').replaceAll('/', '_')}`
  })

type Signer = {
  readonly signTypedData: (domain: object, types: object, value: object) => Promise<string>
}

const ask = async (authorization: string, url: string, init: RequestInit = {}): Promise<Response> => {
  let response: Response
  try {
    const headers = { authorization, ...init.headers }
    response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
  } catch {
    throw unanswered()
  }
  if (!response.ok) throw await problemOf(response)
  return response
}

/** Throws ApiProblem, as the others. */
export const listWebhooks = async (grant: string): Promise<Webhooks['webhooks']> =>
  ((await (await ask(grant, webhooksApi())).json()) as Webhooks).webhooks

export const addWebhook = async (grant: string, url: string): Promise<AddedWebhook> => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ url })
  return (await ask(grant, webhooksApi(), { method: 'POST', headers, body })).json()
}

export const removeWebhook = async (grant: string, id: string): Promise<void> => {
  await ask(grant, webhooksApi(id), { method: 'DELETE' })
}
