import type { IncomingMessage } from 'node:http'
import { EndpointRefused } from './EndpointRefused.ts'
import { type AddressRequest, requestAddress } from './requestAddress.ts'

export type EndpointRequest = Omit<AddressRequest, 'url' | 'what' | 'body'> & {
  /** The machine's endpoint as registered on chain: untrusted. */
  readonly endpoint: string
  readonly path: string
}

const ENDPOINT = 'The endpoint the seller registered'

/** Asks a seller's endpoint and returns its 200 answer, unread. Throws EndpointRefused. */
export const requestEndpoint = async ({
  endpoint,
  path,
  ...asked
}: EndpointRequest): Promise<IncomingMessage> => {
  if (!URL.canParse(endpoint))
    throw new EndpointRefused(`${ENDPOINT} is not a plain http or https address.`, true)
  const url = new URL(endpoint)
  url.search = ''
  url.hash = ''
  const answer = await requestAddress({
    ...asked,
    url: `${url.href.replace(/\/+$/, '')}${path}`,
    what: ENDPOINT,
  })
  const status = answer.statusCode ?? 0
  if (status === 200) return answer
  answer.destroy()
  const isForParties = status === 401 || status === 403
  throw new EndpointRefused(explain(status), isForParties, isForParties)
}

const explain = (status: number): string => {
  if (status === 401 || status === 403)
    return 'This order is private: only its parties and auditors may read its feed.'
  if (status === 404) return "The seller's machine does not have this order yet."
  if (status >= 300 && status < 400)
    return 'The endpoint the seller registered redirects, which is not followed.'
  return `The seller's machine answered with status ${status}.`
}
