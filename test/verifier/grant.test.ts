import { checkGrant, GrantRefused, MAX_GRANT_SECONDS, signGrant } from '@trainyard/verifier/grant.ts'
import { Wallet } from 'ethers'
import { expect, test } from 'vitest'

const buyer = new Wallet(`0x${'11'.repeat(32)}`)
const seller = new Wallet(`0x${'22'.repeat(32)}`).address
const market = `0x${'33'.repeat(20)}`
const expected = { chainId: 31337, market, audience: seller, orderId: 5n }
const now = () => Math.floor(Date.now() / 1000)

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof GrantRefused) return error.reason
    throw error
  }
  return 'accepted'
}

function reading(header: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(header.slice(6), 'base64url').toString())
}

function writing(grant: unknown): string {
  return `Grant ${Buffer.from(JSON.stringify(grant)).toString('base64url')}`
}

test('default: a signed grant gives back its account', async () => {
  const header = await signGrant(buyer, expected)
  expect(header).toMatch(/^Grant [A-Za-z0-9_-]+$/)
  expect(checkGrant(header, expected)).toBe(buyer.address)
  expect(checkGrant(header, { ...expected, audience: seller.toLowerCase() })).toBe(buyer.address)
})

test('behavior: clocks may differ by a minute, no more', async () => {
  const header = await signGrant(buyer, { ...expected, lifetimeSeconds: 10 })
  const { expiresAt } = reading(header) as { expiresAt: number }
  const at = (nowSeconds: number) => refusal(() => checkGrant(header, { ...expected, nowSeconds }))
  expect(at(expiresAt + 60)).toBe('accepted')
  expect(at(expiresAt + 61)).toBe('expired')
  expect(at(expiresAt - MAX_GRANT_SECONDS - 60)).toBe('accepted')
  expect(at(expiresAt - MAX_GRANT_SECONDS - 61)).toBe('too-long')
})

test('behavior: asking for more than an hour gives an hour', async () => {
  const { expiresAt } = reading(await signGrant(buyer, { ...expected, lifetimeSeconds: 1e6 })) as {
    expiresAt: number
  }
  expect(expiresAt).toBeLessThanOrEqual(now() + MAX_GRANT_SECONDS)
})

test('error: another seller, order, chain or market', async () => {
  const header = await signGrant(buyer, expected)
  expect(refusal(() => checkGrant(header, { ...expected, audience: buyer.address }))).toBe('wrong-audience')
  expect(refusal(() => checkGrant(header, { ...expected, orderId: 6n }))).toBe('wrong-order')
  expect(refusal(() => checkGrant(header, { ...expected, chainId: 1 }))).toBe('bad-signature')
  const other = { ...expected, market: `0x${'34'.repeat(20)}` }
  expect(refusal(() => checkGrant(header, other))).toBe('bad-signature')
})

test('error: any changed field breaks the signature', async () => {
  const grant = reading(await signGrant(buyer, expected)) as { expiresAt: number; signature: string }
  const changes = [
    { account: seller },
    { expiresAt: grant.expiresAt + 1 },
    { signature: `0x${'00'.repeat(65)}` },
    { signature: grant.signature.replace(/.{4}$/, '0000') },
  ]
  for (const change of changes) {
    expect(refusal(() => checkGrant(writing({ ...grant, ...change }), expected))).toBe('bad-signature')
  }
})

test('error: what is no grant', async () => {
  const grant = reading(await signGrant(buyer, expected))
  expect(refusal(() => checkGrant(undefined, expected))).toBe('missing')
  const malformed = [
    '',
    'Bearer abc',
    'Grant ',
    'Grant !!!',
    writing({}),
    writing({ ...grant, extra: 1 }),
    writing({ ...grant, pad: 'x'.repeat(4000) }),
  ]
  for (const header of malformed)
    expect(refusal(() => checkGrant(header, expected))).toMatch(/malformed|missing/)
})
