import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { connect } from '@trainyard/contracts/context.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { leaveSeat } from '@trainyard/contracts/leaveSeat.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { signGrant } from '@trainyard/verifier/grant.ts'
import { verifyOrder } from '@trainyard/verifier/order/verifyOrder.ts'
import { pairText, readPair } from '@trainyard/verifier/referee/readPair.ts'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { keepAgreed } from '../../client/src/cli/keepAgreed.ts'
import { orderCommand } from '../../client/src/cli/orderCommand.ts'
import { watchCommand } from '../../client/src/cli/watchCommand.ts'
import { createTestAuditor } from '../verifier/watch/testAuditor.ts'
import { fakeRim } from './cli/fakeRim.ts'
import { dieAt } from './rig/dieAt.ts'
import { expectNothingTwice, type Seller, sleepingSeller } from './rig/killedLives.ts'
import { committedWindows, orderTinyPair } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { tinyJob } from './rig/tinyJob.ts'
import { until } from './rig/until.ts'

const TIMEOUT_MS = 400_000
const PATIENCE_MS = 180_000
const CONFIRM_SECONDS = 600
const ALL = [0, 1, 2, 3, 4]
const cheatCli = join(import.meta.dirname, '../../yard/src/cheats/cli.ts')

let rig: Rig
beforeAll(async () => {
  rig = await startRig({ confirmSeconds: CONFIRM_SECONDS, commitSeconds: 120 })
})
afterAll(() => rig?.stop())

/** Two daemons beside other work take their time. */
function statusIs(orderId: bigint, wanted: OrderFacts['status']): Promise<OrderFacts> {
  return until(async () => {
    const facts = await readOrder(rig.buyer, orderId)
    return facts.status === wanted ? facts : undefined
  }, PATIENCE_MS)
}

const refereed = { proofModes: ['bitwise', 'refereed'] }

/** Sellers whose order of an earlier test went well: on the chain, and nobody at home. */
const rested: Seller[] = []
const asleep = async (name: string) => rested.pop() ?? (await sleepingSeller(rig, name, 'process', refereed))

/** As `trainyard order --mode refereed` does, which chooses both machines by itself. */
async function orderByHand(): Promise<[bigint, bigint]> {
  const { home } = await rig.seller('buyer') // only its funded account is used
  const at = (name: string) => join(home, name)
  const { job, data } = await tinyJob()
  await writeFile(at('job.json'), JSON.stringify(job))
  for (const name of ['train', 'heldOut'] as const) await writeFile(at(name), data[name])
  const { rim, answers } = fakeRim()
  await orderCommand(
    {
      ...{ rpc: rig.devnet.rpcUrl, deployment: join(rig.dir, 'deployment.json'), store: rig.market.url },
      ...{ keystore: at('keystore.json'), passwordFile: at('password'), json: true, yes: true },
      ...{ job: at('job.json'), data: [at('train'), at('heldOut')], maxSeconds: 600, stepMicros: 5000 },
      mode: 'refereed',
    },
    rim,
  )
  const { orderId, twin } = answers[0] as { orderId: string; twin: string }
  return [BigInt(orderId), BigInt(twin)]
}

const places = () => ({ rpc: rig.devnet.rpcUrl, store: rig.market.url })

/** As `trainyard watch`, which fetches what a pair agreed on unless it is told not to. */
async function watchByHand(orderId: bigint) {
  const { rim, answers, codes } = fakeRim()
  const [deployment, out] = [join(rig.dir, 'deployment.json'), join(rig.dir, `watched-${orderId}`)]
  await watchCommand(orderId, { ...places(), deployment, out, json: true }, rim)
  expect(codes).toEqual([])
  return answers[0] as { out: string }
}

/** Where an agreed pair's model cannot be had: both orders' challenges are named at once. */
async function keptWhere(reason: string, orders: readonly bigint[]) {
  const said: unknown[] = []
  const { rim } = fakeRim()
  const say = { ...rim.say({}), progress: (value: unknown) => said.push(value) }
  const fetch = () => Promise.reject(new Error(reason))
  const args = { context: rig.buyer, orderId: orders[0]!, out: join(rig.dir, 'nothing'), places: places() }
  const kept = await keepAgreed({ ...args, fetch, say, signal: new AbortController().signal })
  const [agreed, notHad] = said as { event: string; challenge: string[] }[]
  expect([agreed!.event, notHad!.event]).toEqual(['agreed', 'notHad'])
  expect(notHad!.challenge.map((command) => command.split(' --rpc')[0])).toEqual(
    orders.map((orderId) => `trainyard-verify dispute ${orderId} --segment 14`),
  )
  return kept
}

const machinesOf = (orders: readonly bigint[]) =>
  Promise.all(orders.map(async (orderId) => (await readOrder(rig.buyer, orderId)).machineId))

test('default: two sellers agree; both are paid, nobody replayed, and the audit fee is back', {
  timeout: TIMEOUT_MS,
}, async () => {
  const configs = [await rig.seller('first', refereed), await rig.seller('second', refereed)]
  const [first, second] = [await startClient(configs[0]!.config), await startClient(configs[1]!.config)]
  try {
    const pair = await orderByHand()
    expect(new Set([first.machineId, second.machineId])).toEqual(new Set(await machinesOf(pair)))
    const watched = await watchByHand(pair[0])
    expect(watched).toMatchObject({ status: 'Completed', model: 'kept', pair: { differsFrom: null } })
    expect((await readdir(watched.out)).length).toBeGreaterThan(0)
    expect(await keptWhere('the seller is gone', pair)).toBe('missing')
    for (const orderId of pair) {
      const order = await statusIs(orderId, 'Completed')
      expect(order.paidWei).toBeGreaterThan(0n)
      expect(order.paidWei + order.refundedWei).toBe(order.escrowWei + order.auditFeeWei)
      expect(order.refundedWei).toBeGreaterThanOrEqual(order.auditFeeWei)
      const out = join(rig.dir, `pair-${orderId}`)
      const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
      expect(found.verdict).toBe('valid')
    }
    const whole = { compared: 5, differsFrom: null, sealed: 0 }
    expect(await readPair(rig.buyer, pair[0])).toEqual({ twin: pair[1], ...whole })
    const verified = await verifyOrder(pair[1], {
      rpc: rig.devnet.rpcUrl,
      deployment: join(rig.dir, 'deployment.json'),
      store: rig.market.url,
    })
    expect(verified).toMatchObject({ verdict: 'valid', pair: { twin: String(pair[0]), ...whole } })
  } finally {
    await Promise.all([first.terminate(), second.terminate()])
  }
  for (const [index, { machineId }] of [first, second].entries())
    rested.push({ ...configs[index]!, machineId, driver: 'process' })
})

/** All challenges that there were. */
async function challenges() {
  const { blockNumber } = await readHead(rig.buyer)
  const events = await readEvents(rig.buyer, rig.devnet.deployment.deployedBlock, blockNumber)
  return events.flatMap((event) => (event.name === 'Challenged' ? [event.args] : []))
}

/** Blocks that the market's store has. */
const stored = async () => (await readdir(rig.market.dataDir, { recursive: true })).length

test('secrecy: what is sealed nobody is given, whoever asks; killed again and again, all is opened in the end', {
  timeout: TIMEOUT_MS,
}, async () => {
  const [fast, slow] = [await asleep('fast'), await asleep('slow')]
  const [orderId, twin] = await orderTinyPair(rig, [fast.machineId, slow.machineId])
  const before = await stored()
  const client = await startClient(fast.config)
  await statusIs(orderId, 'Auditing')
  expect(await readWindowCount(rig.buyer, orderId)).toBe(5)
  const pair = await readPair(rig.buyer, orderId)
  expect(pair).toEqual({ twin, compared: 0, differsFrom: null, sealed: 5 })
  expect(pairText(pair!)).toBe(`refereed with order ${twin}: nothing to compare yet, 5 more are sealed`)
  expect(await committedWindows(rig, orderId)).toEqual([])
  expect(await stored()).toBe(before)
  const { chainId, market } = rig.devnet.deployment
  const grant = await signGrant(rig.buyer.wallet, { chainId, market, audience: fast.address, orderId })
  const ask = (path: string) =>
    fetch(`${client.url}/orders/${orderId}/${path}`, { headers: { authorization: grant } })
  const secret = [
    'checkpoints/0',
    'checkpoints/16',
    'checkpoints/240',
    'result/model.safetensors',
    'result/metrics.json',
  ]
  for (const path of secret) expect([path, (await ask(path)).status]).toEqual([path, 404])
  for (const path of ['inner/0', 'progress.jsonl'])
    expect([path, (await ask(path)).status]).toEqual([path, 403])
  expect(await (await ask('manifest')).json()).toMatchObject({
    checkpoints: [],
    delivered: [],
    inner: 0,
    result: [],
  })
  await client.kill()

  // The twin has sealed nothing yet; from now on it does.
  await dieAt(slow.config, 'after SealWindow')
  const other = await startClient(slow.config)
  try {
    for (const moment of [
      'before OpenWindow',
      'after OpenWindow',
      'before DeliverResult',
      'after DeliverResult',
    ] as const)
      await dieAt(fast.config, moment)
    const last = await startClient(fast.config)
    await statusIs(orderId, 'Completed')
    await statusIs(twin, 'Completed')
    await last.terminate()
  } finally {
    await other.terminate()
  }
  for (const id of [orderId, twin]) expect(await committedWindows(rig, id)).toEqual(ALL)
  for (const seller of [fast, slow]) await expectNothingTwice(rig, seller)
  rested.push(fast, slow)
})

test('behavior: a twin that never starts is expired; the other order is opened, audited, and paid', {
  timeout: TIMEOUT_MS,
}, async () => {
  const [absent, present] = [await asleep('absent'), await asleep('present')]
  const client = await startClient(present.config)
  try {
    const [orderId, twin] = await orderTinyPair(rig, [client.machineId, absent.machineId])
    await statusIs(orderId, 'Auditing')
    expect(await committedWindows(rig, orderId)).toEqual([])
    await rig.devnet.advance(CONFIRM_SECONDS)
    await statusIs(twin, 'Expired')
    await passAudit(rig, orderId)
    expect(await statusIs(orderId, 'Completed')).toMatchObject({ closeReason: 10000 })
    expect(await committedWindows(rig, orderId)).toEqual(ALL)
  } finally {
    await client.terminate()
  }
})

test('behavior: a twin that made up segments is challenged in the first that differs, and convicted', {
  timeout: TIMEOUT_MS,
}, async () => {
  const auditor = await createTestAuditor(rig.devnet, rig.market.url)
  await auditor.start()
  await leaveSeat(rig.auditor, { hardwareClass: hardwareClassOf('canonical') })
  // The order's stake is all that it has bonded.
  const honest = await rig.seller('honest', { ...refereed, bondWei: String(parseEther('6.2')) })
  const cheat = await rig.seller('cheat', refereed)
  const client = await startClient(honest.config)
  const liar = await startClient(cheat.config, [cheatCli, 'skip-steps'])
  try {
    const bondBefore = (await readBond(rig.buyer, cheat.address)).activeWei
    const [orderId, twin] = await orderTinyPair(rig, [client.machineId, liar.machineId])
    await client.logged(({ msg }) => msg?.includes('short of the bond to challenge it') ?? false)
    expect((await challenges()).filter(({ challenger }) => challenger === honest.address)).toEqual([])
    const own = { file: join(honest.home, 'keystore.json'), passwordFile: join(honest.home, 'password') }
    const { deployment, rpcUrl } = rig.devnet
    const account = await connect({ rpcUrl, deployment, signer: await readKeystore(own) })
    await deposit(account, { amountWei: parseEther('100') })
    await bond(account, { amountWei: parseEther('100') })
    account.runner.provider?.destroy()
    expect(await statusIs(twin, 'Failed')).toMatchObject({ closeReason: 10004, paidWei: 0n })
    // Of 15 segments it made up those whose distance to the last one is even, but the first.
    const all = await challenges()
    expect(all.filter(({ challenger }) => challenger === honest.address)).toMatchObject([
      { orderId: twin, segment: 2 },
    ])
    expect((await readBond(rig.buyer, cheat.address)).activeWei).toBeLessThan(bondBefore)
    expect(await statusIs(orderId, 'Completed')).toMatchObject({ closeReason: 10000 })
    expect((await readOrder(rig.buyer, orderId)).paidWei).toBeGreaterThan(0n)
    expect(await readPair(rig.buyer, orderId)).toMatchObject({ twin, differsFrom: 0 })
    // The liar's own replay told it to keep still. The twin's auditor may have been faster than the bond.
    expect((await challenges()).filter((one) => one.orderId !== twin)).toEqual([])
  } finally {
    await Promise.all([client.terminate(), liar.terminate()])
    await auditor.dispose()
  }
})
