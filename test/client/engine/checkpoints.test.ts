import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { parseEvidence } from '@trainyard/verifier/evidence.ts'
import { signGrant } from '@trainyard/verifier/grant.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Journal, openJournal } from '../../../client/src/journal/openJournal.ts'
import { orderTinyJob, statusIs } from '../rig/orders.ts'
import { passAudit } from '../rig/passAudit.ts'
import { reached } from '../rig/reached.ts'
import { type ClientProcess, startClient } from '../rig/startClient.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { until } from '../rig/until.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

/** 15 segments of 16 steps in 5 windows of 3. */
const WINDOW_FIRSTS = [0, 48, 96, 144, 192]
const LAST_TWO = [224, 240]

let rig: Rig
let client: ClientProcess
let seller: Awaited<ReturnType<Rig['seller']>>
let orderId: bigint
let authorization: string
beforeAll(async () => {
  rig = await startRig({ commitSeconds: 600, revealSeconds: 600 })
  seller = await rig.seller('thrifty', { checkpointMegabytes: 0 })
  client = await startClient(seller.config)
  orderId = await orderTinyJob(rig, client.machineId)
  await statusIs(rig, orderId, 'Auditing')
  await reached(client, orderId, 'ended')
  const facts = { ...rig.devnet.deployment, audience: seller.address, orderId }
  authorization = await signGrant(rig.buyer.wallet, facts)
})
afterAll(async () => {
  await client?.kill()
  await rig?.stop()
})

const orderDir = () => join(seller.home, 'data', 'orders', String(orderId))
const stepsIn = async (folder: string) => {
  const names = await readdir(join(orderDir(), folder)).catch((): string[] => [])
  return names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)
}
const ask = (step: number, headers: Record<string, string> = { authorization }) =>
  fetch(`${client.url}/orders/${orderId}/checkpoints/${step}`, { headers })
/** Once it is there: computing takes longer on a busy machine. */
const served = (step: number) =>
  until(async () => {
    const response = await ask(step)
    return response.status === 200 ? response : undefined
  })
const rootOf = async (response: Response) => {
  expect(response.status).toBe(200)
  return checkpointRoot(new Uint8Array(await response.arrayBuffer()))
}
/** The root that was committed for a step. */
const committed = async (step: number) => {
  const window = (await readWindow(rig.buyer, orderId, Math.floor((step - 1) / 48)))!
  const limits = { maxBytes: 1e6, timeoutMs: 10_000 }
  const evidence = await fetchContent({ cid: window.evidence, gateway: rig.market.url, ...limits })
  return parseEvidence(evidence).leaves.find(({ lastStep }) => lastStep === step)?.stateRootAfter
}
/** Opens the journal of a daemon that is down. */
const inJournal = <T>(use: (journal: Journal) => T): T => {
  const journal = openJournal(join(seller.home, 'data', 'journal.sqlite'))
  try {
    return use(journal)
  } finally {
    journal.close()
  }
}
const RECOMPUTED = () => `recomputedSteps:${orderId}`

test('default: of a run each window’s first checkpoint and the newest two are kept, also in the run’s own folder', async () => {
  expect(await stepsIn('checkpoints')).toEqual([...WINDOW_FIRSTS, ...LAST_TWO])
  const runs = (await readdir(orderDir())).filter((name) => name.startsWith('run-r'))
  const own = await Promise.all(runs.map((run) => readdir(join(orderDir(), run, 'out', 'checkpoints'))))
  const files = await Promise.all(
    runs.flatMap((run, i) =>
      own[i]!.map((step) => readdir(join(orderDir(), run, 'out', 'checkpoints', step))),
    ),
  )
  expect(files.flat().length).toBeLessThanOrEqual(3)
})

test('behavior: each window’s last checkpoint is in the store', async () => {
  const manifest = await (await fetch(`${client.url}/orders/${orderId}/manifest`)).json()
  const { delivered } = manifest as { delivered: { step: number; cid: string; bytes: number }[] }
  expect(delivered.map(({ step }) => step)).toEqual([48, 96, 144, 192, 240])
  const [first] = delivered
  const limits = { maxBytes: 100_000, timeoutMs: 10_000 }
  const bytes = await fetchContent({ cid: first!.cid, gateway: rig.market.url, ...limits })
  const served = new Uint8Array(await (await ask(48)).arrayBuffer())
  expect(bytes).toEqual(served)
})

test('error: a stranger has nothing computed, though the job is public', async () => {
  expect((await ask(32, {})).status).toBe(404)
  expect((await ask(48, {})).status).toBe(200)
  expect(await stepsIn('recomputed')).toEqual([])
})

test('error: a step that no segment ends with, and one that was never trained', async () => {
  expect((await ask(33)).status).toBe(404)
  expect((await ask(256)).status).toBe(404)
})

test('behavior: a dropped checkpoint is computed again for a party, once for all who ask', async () => {
  const asked = [80, 80, 64, 176]
  const roots = await Promise.all((await Promise.all(asked.map(served))).map(rootOf))
  expect(roots).toEqual(await Promise.all(asked.map(committed)))
  expect(await stepsIn('recomputed')).toEqual([64, 80, 160, 176])
})

test('error: what comes to other bits than the committed leaf is not served', async () => {
  const file = join(orderDir(), 'checkpoints', '192.safetensors')
  const honest = await readFile(file)
  const changed = Buffer.from(honest)
  changed[changed.length - 1]! ^= 1
  await writeFile(file, changed)
  const refusal = await until(async () => {
    const response = await ask(208)
    const text = await response.text()
    // On a slow machine the first answer is that it takes longer.
    return text.includes('it is being computed again') ? undefined : { status: response.status, text }
  })
  expect(refusal).toEqual({ status: 503, text: expect.stringMatching(/computing it again failed/) })
  await writeFile(file, honest)
  expect(await rootOf(await served(208))).toBe(await committed(208))
})

test('behavior: a daemon killed while it computes one again does so after its restart', async () => {
  let isOver = false
  const lost = ask(128).then(
    () => {
      isOver = true
    },
    () => undefined,
  )
  await until(async () => (isOver || (await readdir(orderDir())).includes('run-c128') ? true : undefined))
  await client.kill()
  await lost
  // Counted before the steps are run: from 48 to 80, 144 to 176, three times from 192 to 208, and from 96 to 128.
  expect(inJournal((journal) => journal.fact(RECOMPUTED()))).toBeGreaterThanOrEqual(32 + 32 + 3 * 16 + 32)
  inJournal((journal) => journal.saveFact(RECOMPUTED(), 4 * 240 - 2 * 32))
  client = await startClient(seller.config)
  expect(await rootOf(await served(128))).toBe(await committed(128))
  // What the former process had computed is not trusted to be whole.
  expect(await stepsIn('recomputed')).toEqual([112, 128])
  expect(await readdir(orderDir())).not.toContain('run-c128')
})

test('error: nobody can have a machine recompute for ever', async () => {
  // The test before left it 32 steps, or none if its run had to be tried twice.
  await ask(32)
  const answer = await until(async () => {
    const response = await ask(80)
    return response.status === 503 ? undefined : response
  })
  expect(answer.status).toBe(404)
  expect(await answer.text()).toMatch(/4 times the order's steps/)
})

test('behavior: after settlement what a bundle has is left', async () => {
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
  await reached(client, orderId, 'settled')
  await until(async () => ((await stepsIn('checkpoints')).includes(224) ? undefined : true))
  expect(await stepsIn('checkpoints')).toEqual([...WINDOW_FIRSTS, 240])
  expect(await stepsIn('recomputed')).toEqual([])
  expect((await ask(32)).status).toBe(404)
})
