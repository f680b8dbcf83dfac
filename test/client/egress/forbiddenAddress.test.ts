import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { forbiddenAddress } from '../../../client/src/egress/forbiddenAddress.ts'

describe('forbiddenAddress', () => {
  test.for([
    '1.1.1.1',
    '9.8.7.6',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '169.253.0.1',
  ])('default: %s is public', (address) => expect(forbiddenAddress(address)).toBeUndefined())

  test.for(['2606:4700::1111', '2a00:1450::1', '2003::1'])('default: %s is public', (address) =>
    expect(forbiddenAddress(address)).toBeUndefined(),
  )

  test.for([
    ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.9.9.9', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '192.0.0.192', '198.18.0.1', '203.0.113.1'],
    ...['224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
  ])('error: %s', (address) => expect(forbiddenAddress(address)).toBeTypeOf('string'))

  test.for([
    ...['::', '::1', '::ffff:169.254.169.254', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::a9fe:a9fe'],
    ...['64:ff9b:1::1', 'fe80::1', 'fe80::1%lo', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'fec0::1'],
    ...['2001::1', '2001:db8::1', '2002:a9fe:a9fe::', '3fff::1', '100::1'],
  ])('error: %s', (address) => expect(forbiddenAddress(address)).toBeTypeOf('string'))

  test.for(['', 'localhost', '1.1.1', '0x7f.1', '2130706433', '010.0.0.1', '1.1.1.1 '])(
    'error: "%s" is no address',
    (address) => expect(forbiddenAddress(address)).toBe('not an address'),
  )

  test('error: whatever this machine has itself', () => {
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    expect(own.length).toBeGreaterThan(0)
    for (const { address } of own) expect(forbiddenAddress(address)).toBeTypeOf('string')
  })
})
