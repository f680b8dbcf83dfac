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

/** Where clouds serve credentials: link-local, and two providers' own. */
const metadata4 = listOf(
  [
    ['169.254.0.0', 16],
    ['100.100.100.200', 32],
    ['192.0.0.192', 32],
  ],
  'ipv4',
)
/** The same in version 6: link-local, one provider's own, and version 4 as mapped, translated (RFC 6052) or 6to4. */
const metadata6 = listOf(
  [
    ['fe80::', 10],
    ['fd00:ec2::', 32],
    ['::ffff:a9fe:0', 112],
    ['::ffff:100.100.100.200', 128],
    ['64:ff9b::a9fe:0', 112],
    ['64:ff9b::6464:64c8', 128],
    ['2002:a9fe::', 32],
  ],
  'ipv6',
)

/** Whether an address is one where clouds serve credentials; never reached, whatever is configured. */
export const isMetadataAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 4) return metadata4.check(address, 'ipv4')
  return family === 6 && metadata6.check(address, 'ipv6')
}
