import { isIP } from 'node:net'

const V6_GROUPS_OF_ONE_SITE = 4

/** Who a request counts for: its address, in version 6 the network, since one site has all addresses of it. */
export const senderOf = (address: string): string => {
  if (isIP(address) !== 6) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  const [head = '', tail = ''] = address.split('%')[0]!.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::')
    ? Array.from({ length: 8 - before.length - after.length }, () => '0')
    : []
  return `${[...before, ...zeros, ...after].slice(0, V6_GROUPS_OF_ONE_SITE).join(':')}::/64`
}
