import { lookup as dnsLookup } from 'node:dns'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { EndpointRefused } from './EndpointRefused.ts'
import { isMetadataAddress, isPublicAddress } from './isPublicAddress.ts'

const ANSWER_TIMEOUT_MS = 5_000

export type EndpointRequest = {
  /** The machine's endpoint as registered on chain: untrusted. */
  readonly endpoint: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly allowPrivate: boolean
  readonly signal: AbortSignal
}

/**
 * Asks a seller's endpoint and returns its 200 answer, unread. Redirects are not followed. The address is checked
 * where the connection is made, so a name that changes its answer in between gains nothing.
 * Throws EndpointRefused.
 */
export const requestEndpoint = async (asked: EndpointRequest): Promise<IncomingMessage> => {
  const url = urlOf(asked.endpoint, asked.path)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) refuseAddress(host, asked.allowPrivate)
  const options: RequestOptions = {
    method: 'GET',
    headers: asked.headers,
    lookup: checkedLookup(asked.allowPrivate),
    signal: asked.signal,
    agent: false,
    maxHeaderSize: 16 * 1024,
  }
  const answer = await send(url, options)
  const status = answer.statusCode ?? 0
  if (status === 200) return answer
  answer.destroy()
  throw new EndpointRefused(explain(status), status === 401 || status === 403)
}

const urlOf = (endpoint: string, path: string): URL => {
  const base = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '')
    throw new EndpointRefused(
      'The endpoint the seller registered is not a plain http or https address.',
      true,
    )
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`)
}

const refuseAddress = (address: string, allowPrivate: boolean): void => {
  if (isMetadataAddress(address) || !(allowPrivate || isPublicAddress(address)))
    throw new EndpointRefused('The endpoint the seller registered is not on the public internet.', true)
}

const checkedLookup =
  (allowPrivate: boolean): LookupFunction =>
  (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      try {
        for (const { address } of addresses) refuseAddress(address, allowPrivate)
      } catch (refused) {
        return callback(refused as EndpointRefused, '', 0)
      }
      const [first] = addresses
      if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 0)
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }

const send = (url: URL, options: RequestOptions): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (answer) => {
      clearTimeout(timer)
      resolve(answer)
    })
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), ANSWER_TIMEOUT_MS)
    request.on('error', (error) => {
      clearTimeout(timer)
      reject(
        error instanceof EndpointRefused
          ? error
          : new EndpointRefused(`The seller's machine cannot be reached.`, false),
      )
    })
    request.end()
  })

const explain = (status: number): string => {
  if (status === 401 || status === 403)
    return 'This order is private: only its parties and auditors may read its feed.'
  if (status === 404) return "The seller's machine does not have this order yet."
  if (status >= 300 && status < 400)
    return 'The endpoint the seller registered redirects, which is not followed.'
  return `The seller's machine answered with status ${status}.`
}
