import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** Ranges of version 4 that are not on the internet (RFC 6890, RFC 6598): loopback, private, shared, link-local. */
const notPublic = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  notPublic.addSubnet(network, prefix, 'ipv4')
}
const public6 = new BlockList()
public6.addSubnet('2000::', 3, 'ipv6')

/** Whether a URL's host is, or resolves to, addresses on the internet only. */
export async function isPublicHost(url: string): Promise<boolean> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address)
  return addresses.length > 0 && addresses.every(isPublic)
}

function isPublic(address: string): boolean {
  return isIP(address) === 6 ? public6.check(address, 'ipv6') : !notPublic.check(address, 'ipv4')
}
