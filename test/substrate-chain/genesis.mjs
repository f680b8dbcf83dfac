// The smallest genesis on which Acala's runtime 2220 builds blocks. The runtime itself is read out of a test snapshot in
// Chopsticks' own package, and nothing else than the released blob (AcalaNetwork/Acala 2.22.0) is accepted.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bnToU8a, compactAddLength, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsU8a, xxhashAsU8a } from '@polkadot/util-crypto'

const RUNTIME_SHA256 = '203763e3feb89d1bc29b9ffa7e7eb0776ef49a8ec6045976ef8493109eff76c4'
const SPEC_VERSION = 2220
const PARA_ID = 2000
const GENESIS_HASH = `0x${'45'.repeat(32)}` // Chopsticks gives every genesis this hash
const SLOT_MS = 12_000
const FEE_MULTIPLIER = 10n ** 18n

/** The runtime's code. Throws unless it is the released one. */
function runtimeCode() {
  const main = createRequire(import.meta.url).resolve('@acala-network/chopsticks')
  const snapshot = join(dirname(main), '../esm/plugins/run-block/__snapshots__/index.test.ts.snap')
  const text = readFileSync(snapshot, 'utf8')
  const at = text.indexOf('0x', text.indexOf('"value"', text.indexOf('"key": "0x3a636f6465"')))
  const code = text.slice(at, text.indexOf('"', at))
  const found = createHash('sha256').update(hexToU8a(code)).digest('hex')
  if (found !== RUNTIME_SHA256) throw new Error(`the runtime has sha256 ${found}, not ${RUNTIME_SHA256}`)
  return code
}

const little = (value, bits) => bnToU8a(value, { bitLength: bits, isLe: true })
const key = (pallet, item, ...rest) =>
  u8aToHex(u8aConcat(xxhashAsU8a(pallet, 128), xxhashAsU8a(item, 128), ...rest))
const twox64Concat = (bytes) => u8aConcat(xxhashAsU8a(bytes, 64), bytes)
const blake128Concat = (bytes) => u8aConcat(blake2AsU8a(bytes, 128), bytes)

/** nonce, consumers, providers, sufficients; free, reserved, frozen, flags. */
function accountInfo(free) {
  const counters = u8aConcat(little(0, 32), little(0, 32), little(1, 32), little(0, 32))
  return u8aConcat(counters, little(free, 128), little(0, 128), little(0, 128), little(0, 128))
}

/**
 * @param {{ accounts: Record<string, string>, chainId: number }} options native balances by public key (hex), and the
 *   EVM's chain id
 */
export function genesis({ accounts, chainId }) {
  const authority = hexToU8a(`0x${'a1'.repeat(32)}`)
  const balances = Object.entries(accounts).map(([id, free]) => [hexToU8a(id), BigInt(free)])
  const issuance = balances.reduce((sum, [, free]) => sum + free, 0n)
  const upgraded = u8aConcat(
    Uint8Array.of(((SPEC_VERSION << 2) & 0xff) | 1, SPEC_VERSION >> 6),
    compactAddLength(new TextEncoder().encode('acala')),
  )
  const items = [
    [key('System', 'BlockHash', twox64Concat(little(0, 32))), GENESIS_HASH],
    [key('System', 'ParentHash'), GENESIS_HASH],
    // Without a time Chopsticks asks the clock twice for the first block, which fails if a slot ends in between.
    [key('Timestamp', 'Now'), little(Math.floor(Date.now() / SLOT_MS) * SLOT_MS, 64)],
    [key('System', 'LastRuntimeUpgrade'), upgraded],
    [key('System', 'UpgradedToU32RefCount'), Uint8Array.of(1)],
    [key('System', 'UpgradedToTripleRefCount'), Uint8Array.of(1)],
    [key('ParachainInfo', 'ParachainId'), little(PARA_ID, 32)],
    [key('Aura', 'Authorities'), u8aConcat(Uint8Array.of(4), authority)],
    [key('AuraExt', 'Authorities'), u8aConcat(Uint8Array.of(4), authority)],
    [key('EVM', 'ChainId'), little(chainId, 64)],
    [key('TransactionPayment', 'NextFeeMultiplier'), little(FEE_MULTIPLIER, 128)],
    [key('Balances', 'TotalIssuance'), little(issuance, 128)],
    ...balances.map(([id, free]) => [key('System', 'Account', blake128Concat(id)), accountInfo(free)]),
  ]
  const top = Object.fromEntries(
    items.map(([at, value]) => [at, typeof value === 'string' ? value : u8aToHex(value)]),
  )
  return {
    id: 'acala',
    name: 'Acala 2220 (Chopsticks)',
    properties: { ss58Format: 10, tokenDecimals: 12, tokenSymbol: 'ACA' },
    genesis: {
      raw: {
        top: { ...top, '0x3a636f6465': runtimeCode(), '0x3a65787472696e7369635f696e646578': '0x00000000' },
      },
    },
  }
}
