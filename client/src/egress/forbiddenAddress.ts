import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/**
 * Everything that is not the public internet: IANA's special-purpose registries (RFC 6890 and its updates),
 * multicast, and a cloud's metadata service at a public address. IPv6 is the other way round: only what is
 * global unicast today (2000::/3) and holds no IPv4 address inside.
 */
const FORBIDDEN_V4: [network: string, prefix: number, what: string][] = [
  ['0.0.0.0', 8, 'this host'],
  ['10.0.0.0', 8, 'a private network'],
  ['100.64.0.0', 10, 'a carrier network'],
  ['127.0.0.0', 8, 'this host'],
  ['168.63.129.16', 32, 'a metadata service'],
  ['169.254.0.0', 16, 'link-local or a metadata service'],
  ['172.16.0.0', 12, 'a private network'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'a private network'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
]
const FORBIDDEN_V6: [network: string, prefix: number, what: string][] = [
  ['2001::', 23, 'reserved'],
  ['2001:db8::', 32, 'reserved'],
  ['2002::', 16, 'an IPv4 address in disguise'],
  ['3fff::', 20, 'reserved'],
]
/** A shorter prefix would be a route to everything, not a network that this machine is in. */
const SHORTEST_OWN_PREFIX = 8

const forbiddenV4 = FORBIDDEN_V4.map(([network, prefix, what]) => ({
  list: subnet(network, prefix, 'ipv4'),
  what,
}))
const forbiddenV6 = FORBIDDEN_V6.map(([network, prefix, what]) => ({
  list: subnet(network, prefix, 'ipv6'),
  what,
}))
const globalV6 = subnet('2000::', 3, 'ipv6')

/**
 * Why no job may be connected to an address, or undefined if it may. Also forbidden is every network that
 * this machine is in now, whatever its addresses: its own address, its neighbours, and other containers.
 */
export function forbiddenAddress(address: string): string | undefined {
  const family = isIP(address)
  if (family === 0) return 'not an address'
  if (family === 4) {
    const hit = forbiddenV4.find(({ list }) => list.check(address, 'ipv4'))
    return hit?.what ?? ownNetwork(address, 'ipv4')
  }
  if (address.includes('%') || !globalV6.check(address, 'ipv6')) return 'not a public IPv6 address'
  const hit = forbiddenV6.find(({ list }) => list.check(address, 'ipv6'))
  return hit?.what ?? ownNetwork(address, 'ipv6')
}

function ownNetwork(address: string, family: 'ipv4' | 'ipv6'): string | undefined {
  for (const entry of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
    if (entry.family.toLowerCase() !== family) continue
    const prefix = Number(entry.cidr?.split('/')[1])
    const usable = prefix >= SHORTEST_OWN_PREFIX ? prefix : family === 'ipv4' ? 32 : 128
    if (subnet(entry.address, usable, family).check(address, family)) return 'a network of this machine'
  }
  return undefined
}

function subnet(network: string, prefix: number, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  list.addSubnet(network, prefix, family)
  return list
}
