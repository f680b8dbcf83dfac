import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bond } from '@trainyard/contracts/bond.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readDisputesOf } from '@trainyard/contracts/readDisputesOf.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { disputeCommand } from '@trainyard/verifier/dispute/command.ts'
import type { DisputeOutcome } from '@trainyard/verifier/dispute/disputeSegment.ts'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createLightKeystore } from '../../helpers/createLightKeystore.ts'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { startTestSeller, type TestSeller } from '../watch/testSeller.ts'
import { startTestStore, type TestStore } from '../watch/testStore.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 })

const WRONG = 5
const dir = mkdtempSync(join(tmpdir(), 'trainyard-dispute-test-'))
const files = { keystore: join(dir, 'key.json'), passwordFile: join(dir, 'password') }
const deployment = join(dir, 'deployment.json')

let net: Devnet
let store: TestStore
let seller: TestSeller
let challenger: string
/** segment 5 ends elsewhere; and one of which nothing but the job's beginning is served */
let orders: { cheated: bigint; silent: bigint }
beforeAll(async () => {
  net = await startDevnet({ commitSeconds: 600, revealSeconds: 600, panelSize: 1 })
  store = await startTestStore()
  seller = await startTestSeller(net, store)
  const auditor = await net.account(2)
  await deposit(auditor, { amountWei: parseEther('1000') })
  await bond(auditor, { amountWei: parseEther('1000') })
  await takeSeat(auditor, { hardwareClass: hardwareClassOf('canonical') })
  writeFileSync(files.passwordFile, 'test', { mode: 0o600 })
  challenger = await createLightKeystore({ file: files.keystore, passwordFile: files.passwordFile })
  await net.fund(challenger)
  writeFileSync(deployment, JSON.stringify(net.deployment))
  const cheated = await seller.runOrder({
    state(segment, state) {
      if (segment === WRONG) state.params[0]![3]! += 1e-6
    },
  })
  const silent = await seller.runOrder({ checkpoint: () => undefined })
  orders = { cheated: cheated.orderId, silent: silent.orderId }
})
afterAll(async () => {
  await seller?.close()
  await store?.close()
  await net?.stop()
  rmSync(dir, { recursive: true })
})

async function dispute(orderId: bigint, segment: number, ...more: string[]) {
  const said: string[] = []
  const exits: string[] = []
  const rim = { say: (text: string) => said.push(text), exitWith: (verdict: string) => exits.push(verdict) }
  const account = ['--keystore', files.keystore, '--password-file', files.passwordFile]
  const chain = ['--rpc', net.rpcUrl, '--deployment', deployment, '--store', store.url]
  const about = [`${orderId}`, '--segment', `${segment}`]
  await disputeCommand(rim).parseAsync(['node', 'dispute', ...about, ...account, ...chain, ...more])
  return { said: said[0]!, exit: exits[0] }
}
const outcomeOf = async (...args: Parameters<typeof dispute>) => {
  const { said, exit } = await dispute(...args, '--json')
  return { ...(JSON.parse(said) as DisputeOutcome), exit }
}

test('default: a segment that does not hold is challenged with step roots, from a bond that is made for it', async () => {
  const dry = await dispute(orders.cheated, WRONG)
  expect(dry.said).toMatch(/does not hold: the replay differs in the state after it.*No money moved/)
  expect(dry.exit).toBe('invalid')
  expect(await readDisputesOf(seller.account, orders.cheated)).toEqual([])
  const { word, disputeId, bondWei, exit } = await outcomeOf(orders.cheated, WRONG, '--yes')
  expect({ word, exit }).toEqual({ word: 'challenged', exit: 'invalid' })
  const found = await readDispute(seller.account, BigInt(disputeId!))
  expect(found).toMatchObject({ segment: WRONG, challenger })
  expect(found.step).toBeGreaterThan(0)
  expect((await readBond(seller.account, challenger)).activeWei).toBeGreaterThanOrEqual(BigInt(bondWei))
})

test('behavior: one that holds is never challenged', async () => {
  const { word, exit, report, txHash } = await outcomeOf(orders.cheated, WRONG - 1, '--yes', '--unserved')
  expect({ word, exit, txHash }).toEqual({ word: 'valid', exit: 'valid', txHash: null })
  expect(report.verdict).toBe('pass')
})

test('behavior: what was not served is undecided, unless one says so', async () => {
  const before = await readDisputesOf(seller.account, orders.silent)
  const plain = await dispute(orders.silent, WRONG, '--yes')
  expect(plain.said).toMatch(/was not served to this account.*No money moved/)
  expect(plain.exit).toBe('undecided')
  expect(await readDisputesOf(seller.account, orders.silent)).toEqual(before)
  const { word } = await outcomeOf(orders.silent, WRONG, '--yes', '--unserved')
  expect(word).toBe('challenged')
})

test('error: an order that is not in audit, and a segment that was not committed', async () => {
  await expect(dispute(999n, 0)).rejects.toThrow(/not in audit/)
  await expect(dispute(orders.cheated, 99)).rejects.toThrow(/order \d+ committed 8, counted from 0/)
})
