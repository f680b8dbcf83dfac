import { pinDraw } from '@trainyard/contracts/pinDraw.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../client/rig/until.ts'
import { type Scene, startScene } from './startScene.ts'
import { createTestAuditor } from './testAuditor.ts'

const TICK_MS = 250
const PHASE_SECONDS = 600
vi.setConfig({ testTimeout: 90_000 })

let scene: Scene
beforeAll(async () => {
  const parameters = { commitSeconds: PHASE_SECONDS, revealSeconds: PHASE_SECONDS }
  scene = await startScene({ parameters, auditors: 3, tickMs: TICK_MS, board: true })
})
afterAll(() => scene?.stop())

async function eventsOf(orderId: bigint) {
  const { blockNumber } = await readHead(scene.seller.account)
  const events = await readEvents(scene.seller.account, scene.net.deployment.deployedBlock, blockNumber)
  return events.filter(({ args }) => 'orderId' in args && args.orderId === orderId)
}

async function settled(orderId: bigint) {
  await until(
    async () => ((await readOrder(scene.seller.account, orderId)).settledAt === 0 ? undefined : true),
    80_000,
  )
}

test('default: a panel of three passes with one transaction, and is paid when nobody challenged', async () => {
  const { orderId } = await scene.seller.runOrder()
  await settled(orderId)
  const events = await eventsOf(orderId)
  const audit = events.filter(({ name }) => /^Verdicts|^Panel|^Audit|^OrderSettled|^Draw/.test(name))
  expect(audit.map(({ name }) => name)).toEqual([
    'DrawSeeded',
    ...Array.from({ length: 3 }, () => 'VerdictsRevealed'),
    'AuditPassed',
    'OrderSettled',
  ])
  expect(new Set(audit.map(({ txHash }) => txHash)).size).toBe(2)
  // Each replayed its share: every segment is one's, a third of them two's.
  const { segments } = await readDraw(scene.seller.account, orderId)
  const replayed = scene.auditors.map(({ lines }) =>
    lines.filter(({ event, orderId: id }) => event === 'audit' && id === String(orderId)),
  )
  expect(new Set(replayed.flat().map(({ segment }) => segment))).toEqual(new Set(segments))
  expect(replayed.flat()).toHaveLength(segments.length + Math.ceil(segments.length / 3))
  for (const [i, { lines }] of scene.auditors.entries()) {
    const told = lines.find(({ event, orderId: id }) => event === 'drawn' && id === String(orderId))
    expect(told).toMatchObject({
      segments: replayed[i]!.map(({ segment }) => segment),
      drawn: segments.length,
    })
  }
  const counts = replayed.map(({ length }) => length)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  expect(await readOrder(scene.seller.account, orderId)).toMatchObject({ status: 'Completed' })
  expect((await readDraw(scene.seller.account, orderId)).ready).toBe(true)
})

test('behavior: without the third signature the others commit on chain after half of the phase', async () => {
  const { orderId } = await scene.seller.runOrder({ beforeEnd: () => void scene.auditors[0]!.kill() })
  const two = scene.auditors.slice(1)
  await Promise.all(
    two.map((auditor) =>
      auditor.until('audit', ({ event, orderId: id }) => event === 'audit' && id === String(orderId)),
    ),
  )
  expect((await eventsOf(orderId)).map(({ name }) => name)).not.toContain('VerdictsCommitted')
  await scene.net.advance(PHASE_SECONDS / 2)
  await Promise.all(
    two.map((auditor) =>
      auditor.until('committed', ({ event, orderId: id }) => event === 'committed' && id === String(orderId)),
    ),
  )
  await scene.net.advance(PHASE_SECONDS / 2)
  await Promise.all(
    two.map((auditor) =>
      auditor.until('revealed', ({ event, orderId: id }) => event === 'revealed' && id === String(orderId)),
    ),
  )
  // Nobody else had what was its share alone: a larger panel has that, which waits for it as long. It was drawn too late to be
  // called silent.
  await scene.net.advance(PHASE_SECONDS)
  const isOf = (name: string) => (line: { event?: string; orderId?: string }) =>
    line.event === name && line.orderId === String(orderId)
  const redrawn = two.map((auditor) => auditor.until('redrawn', isOf('redrawn')))
  await Promise.any(redrawn)
  for (const each of redrawn) each.catch(() => {})
  await scene.net.advance(PHASE_SECONDS / 2)
  await Promise.all(
    two.map(({ lines }) =>
      until(async () => (lines.filter(isOf('committed')).length === 2 ? true : undefined), 30_000),
    ),
  )
  await scene.net.advance(PHASE_SECONDS / 2)
  await settled(orderId)
  expect(await readOrder(scene.seller.account, orderId)).toMatchObject({ status: 'Completed' })
})

test('behavior: where all stay silent, a later auditor has a larger panel drawn, and audits in it', async () => {
  const silent = [...scene.auditors]
  const { orderId } = await scene.seller.runOrder({
    beforeEnd: () => {
      for (const auditor of silent) void auditor.kill()
    },
  })
  const isOf = (name: string) => (line: { event?: string; orderId?: string }) =>
    line.event === name && line.orderId === String(orderId)
  await until(async () => ((await readDraw(scene.seller.account, orderId)).ready ? true : undefined), 30_000)
  await pinDraw(scene.seller.account, { orderId })
  expect((await readDraw(scene.seller.account, orderId)).panel).toHaveLength(3)

  const late = await createTestAuditor(scene.net, scene.storeUrl)
  scene.auditors.push(late)
  await late.start()
  await scene.net.advance(PHASE_SECONDS)
  await late.until('redrawn', isOf('redrawn'))
  await settled(orderId)
  expect(await readOrder(scene.seller.account, orderId)).toMatchObject({ status: 'Completed' })
  const events = await eventsOf(orderId)
  const redrawn = events.findIndex(({ name }) => name === 'PanelRedrawn')
  expect(events[redrawn]!.args).toMatchObject({ silent: 3n })
  expect(events.slice(redrawn).map(({ name }) => name)).toEqual([
    'PanelRedrawn',
    'DrawSeeded',
    'VerdictsRevealed',
    'AuditPassed',
    'OrderSettled',
  ])
  const shown = await until(async () => {
    const order = await (await fetch(`${scene.storeUrl}/api/orders/${orderId}`)).json()
    return order.audit.outcome === 'Pass' ? order.audit : undefined
  }, 30_000)
  expect(shown).toMatchObject({ round: 1, evicted: 3, revealed: 0, panel: [{ phase: 'revealed' }] })
})
