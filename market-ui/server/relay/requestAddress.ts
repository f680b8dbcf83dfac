import { lookup as dnsLookup } from 'node:dns'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { EndpointRefused } from './EndpointRefused.ts'
import { isMetadataAddress, isPublicAddress } from './isPublicAddress.ts'

const ANSWER_TIMEOUT_MS = 5_000

export type AddressRequest = {
  /** What a stranger gave: untrusted. */
  readonly url: string
  /** What it is, to begin a sentence with. */
  readonly what: string
  /** Sent by POST; without it, GET. */
  readonly body?: string
  readonly headers: Readonly<Record<string, string>>
  readonly allowPrivate: boolean
  readonly signal: AbortSignal
}

/**
 * Asks an address that a stranger gave and returns its answer, unread, whatever its status. Redirects are not followed.
 * The address is checked where the connection is made, so a name that changes its answer in between gains nothing.
 * Throws EndpointRefused.
 */
export const requestAddress = async (asked: AddressRequest): Promise<IncomingMessage> => {
  const { what, allowPrivate, body } = asked
  const url = checkedUrl(asked.url, what)
  const refuse = (address: string) => refuseAddress(address, allowPrivate, what)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) refuse(host)
  const options: RequestOptions = {
    method: body === undefined ? 'GET' : 'POST',
    headers:
      body === undefined ? asked.headers : { ...asked.headers, 'content-length': Buffer.byteLength(body) },
    lookup: checkedLookup(refuse),
    signal: asked.signal,
    agent: false,
    maxHeaderSize: 16 * 1024,
  }
  return send(url, options, what, body)
}

const checkedUrl = (untrustedUrl: string, what: string): URL => {
  const url = URL.canParse(untrustedUrl) ? new URL(untrustedUrl) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new EndpointRefused(`${what} is not a plain http or https address.`, true)
  return url
}

const refuseAddress = (address: string, allowPrivate: boolean, what: string): void => {
  if (isMetadataAddress(address) || !(allowPrivate || isPublicAddress(address)))
    throw new EndpointRefused(`${what} is not on the public internet.`, true)
}

const checkedLookup =
  (refuse: (address: string) => void): LookupFunction =>
  (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      try {
        for (const { address } of addresses) refuse(address)
      } catch (refused) {
        return callback(refused as EndpointRefused, '', 0)
      }
      const [first] = addresses
      if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 0)
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }

const send = (
  url: URL,
  options: RequestOptions,
  what: string,
  body: string | undefined,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (answer) => {
      clearTimeout(timer)
      resolve(answer)
    })
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), ANSWER_TIMEOUT_MS)
    request.on('error', (error) => {
      clearTimeout(timer)
      reject(
        error instanceof EndpointRefused ? error : new EndpointRefused(`${what} cannot be reached.`, false),
      )
    })
    request.end(body)
  })
