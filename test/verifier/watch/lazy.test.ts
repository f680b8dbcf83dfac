import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bond } from '@trainyard/contracts/bond.ts'
import { commitVerdicts } from '@trainyard/contracts/commitVerdicts.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readShares } from '@trainyard/contracts/readShares.ts'
import { signVerdicts } from '@trainyard/contracts/signVerdicts.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { verdictCommitment } from '@trainyard/contracts/verdictCommitment.ts'
import { findLazy } from '@trainyard/verifier/findLazy.ts'
import { exchangeNote } from '@trainyard/verifier/watch/verdictBoard.ts'
import { id } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../client/rig/until.ts'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { startTestServer, type TestServer } from '../../market-ui/startTestServer.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'

const TICK_MS = 250
vi.setConfig({ testTimeout: 90_000 })

let net: Devnet
let folder: string
let store: TestServer
let seller: TestSeller
let honest: TestAuditor
let ticker: NodeJS.Timeout

beforeAll(async () => {
  // What they passed stays challengeable until the test moves the clock.
  net = await startDevnet({ commitSeconds: 600, revealSeconds: 600, challengeSeconds: 600 })
  folder = mkdtempSync(join(tmpdir(), 'trainyard-lazy-'))
  const deployment = join(folder, 'deployment.json')
  writeFileSync(deployment, JSON.stringify(net.deployment))
  store = await startTestServer({ rpc: net.rpcUrl, deployment })
  seller = await startTestSeller(net, { url: store.url, withheld: new Set() })
  honest = await createTestAuditor(net, store.url)
  await honest.start()
  ticker = setInterval(() => void net.mine().catch(() => undefined), TICK_MS)
})
afterAll(async () => {
  clearInterval(ticker)
  await honest?.dispose()
  await seller?.close()
  await store?.close()
  await net?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const hardwareClass = hardwareClassOf('canonical')
const { seatStakeWei } = devnetParameters

async function seated(index: number) {
  const account = await net.account(index)
  await deposit(account, { amountWei: seatStakeWei })
  await bond(account, { amountWei: seatStakeWei })
  await takeSeat(account, { hardwareClass })
  return account
}

/** Says that everything passes as soon as it may, without having looked at anything. */
async function passUnseen(lazy: Awaited<ReturnType<Devnet['account']>>, orderId: bigint): Promise<void> {
  const { panel } = await until(async () => {
    const draw = await readDraw(lazy, orderId)
    return draw.ready ? draw : undefined
  })
  const { draw, shares } = await readShares(lazy, orderId)
  const secret = {
    verdicts: shares[panel.indexOf(lazy.address)]!,
    salt: id('made up'),
    report: 'bafkreport',
  }
  const commitment = verdictCommitment({ ...secret, orderId, auditor: lazy.address })
  const signature = await signVerdicts(lazy, lazy.wallet, { orderId, round: 0, draw, commitment })
  const note = { auditor: lazy.address, draw, commitment, signature }
  const opening = { ...secret, verdicts: String(secret.verdicts) }
  await until(async () => ((await exchangeNote(store.url, orderId, note)).length === 2 ? true : undefined))
  await exchangeNote(store.url, orderId, { ...note, opening })
}

test('default: who passes what it has not replayed is shown to, and loses its seat to whoever replayed', async () => {
  const lazy = await seated(5)
  const { orderId } = await seller.runOrder()
  await passUnseen(lazy, orderId)
  await honest.until('lazy', ({ event, orderId: of }) => event === 'lazy' && of === String(orderId))
  expect(await hasSeat(lazy, hardwareClass, lazy.address)).toBe(false)
  expect(await hasSeat(lazy, hardwareClass, honest.address)).toBe(true)
  expect(await readFree(lazy, honest.address)).toBeGreaterThanOrEqual(seatStakeWei / 10n)
  // Shown once: another time would cost gas for nothing.
  const again = await findLazy(lazy, orderId, () => '0x00')
  expect(again.map(({ opened }) => opened.auditor)).not.toContain(lazy.address)
})

test('behavior: who signs one commitment for the board and sends another is shown to, and loses its seat', async () => {
  const liar = await seated(6)
  const { orderId } = await seller.runOrder()
  await until(async () => ((await readDraw(liar, orderId)).ready ? true : undefined))
  const commitment = id('signed')
  const { draw } = await readShares(liar, orderId)
  const signature = await signVerdicts(liar, liar.wallet, { orderId, round: 0, draw, commitment })
  const note = { auditor: liar.address, draw, commitment, signature }
  // The other opens only once it has seen this one.
  await until(async () => (await exchangeNote(store.url, orderId, note)).find(({ opening }) => opening))
  await commitVerdicts(liar, { orderId, commitment: id('sent') })
  await honest.until('committed', ({ event, orderId: of }) => event === 'committed' && of === String(orderId))
  await net.advance(1_200)
  await honest.until(
    'twoCommitments',
    ({ event, orderId: of }) => event === 'twoCommitments' && of === String(orderId),
  )
  expect(await hasSeat(liar, hardwareClass, liar.address)).toBe(false)
})
