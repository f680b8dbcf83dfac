import { BlockList, isIP } from 'node:net'

/** Ranges of RFC 6890 and its successors that are not the public internet: [network, prefix]. */
const notPublic4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]
/** For version 6 the other way round: only global unicast is public, less what hides version 4 or is documentation. */
const public6: readonly [string, number][] = [['2000::', 3]]
const notPublic6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const listOf = (ranges: readonly [string, number][], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList()
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family)
  return list
}

const blocked4 = listOf(notPublic4, 'ipv4')
const allowed6 = listOf(public6, 'ipv6')
const blocked6 = listOf(notPublic6, 'ipv6')

/** Whether an IP address is on the public internet. Anything that is not an address is not. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 4) return !blocked4.check(address, 'ipv4')
  if (family === 6) return allowed6.check(address, 'ipv6') && !blocked6.check(address, 'ipv6')
  return false
}

const linkLocal = listOf([['169.254.0.0', 16]], 'ipv4')

/** Whether an address is one where clouds serve credentials; never reached, whatever is configured. */
export const isMetadataAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 4) return linkLocal.check(address, 'ipv4')
  return family === 6 && /^(?:fe[89ab]|fd00:ec2|::ffff:(?:169\.254|a9fe))/i.test(address)
}
