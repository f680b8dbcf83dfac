import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { devnetScoreParameters } from '@trainyard/contracts/deploy/scoreParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { openRound } from '@trainyard/contracts/openRound.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readScore } from '@trainyard/contracts/readScore.ts'
import { readTask } from '@trainyard/contracts/readTask.ts'
import { send } from '@trainyard/contracts/send.ts'
import { submitTask } from '@trainyard/contracts/submitTask.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { encodeBytes32String, id, parseEther, sha256 } from 'ethers'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listDrills, showDrill, submitDrill } from '../../client/src/cli/drillCommand.ts'
import { scoreCommand } from '../../client/src/cli/scoreCommand.ts'
import { createProcessDriver } from '../../client/src/drivers/process/createProcessDriver.ts'
import { limitsOf } from '../../client/src/engine/limitsOf.ts'
import { createBench } from '../../client/src/score/bench.ts'
import { type ScoreState, stepScore } from '../../client/src/score/keepScore.ts'
import { keptEvidence } from '../../client/src/score/keptEvidence.ts'
import { createMeasuring } from '../../client/src/score/measuring.ts'
import type { Scorer } from '../../client/src/score/scorer.ts'
import { rawCid } from '../../verifier/src/content/rawCid.ts'
import { fillIn } from '../../verifier/src/drill/fillIn.ts'
import { resultOf, runTask } from '../../verifier/src/drill/runTask.ts'
import { canonicalBytes } from '../../verifier/src/json.ts'
import type { Auditor } from '../../verifier/src/watch/auditor.ts'
import { type BenchmarkWatch, judgeBenchmarks } from '../../verifier/src/watch/judgeBenchmarks.ts'
import { createLightKeystore } from '../helpers/createLightKeystore.ts'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { fakeRim } from './cli/fakeRim.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

const MACHINES = 3
const EPOCH_SECONDS = 86_400
const hardwareClass = hardwareClassOf('canonical')
const logger = pino({ level: 'silent' })
type Account = Awaited<ReturnType<Devnet['account']>>
type Player = { scorer: Scorer; state: ScoreState; busy: boolean; account: Account }
/** What the daemon's API serves of benchmarks. */
const served = createServer((request, response) => {
  const [, , last = ''] = /^\/(ipfs|store\/blocks)\/(\w+)/.exec(request.url ?? '') ?? []
  if (last !== '') return storeBlock(last, request, response)
  const [, , machine, round] = (request.url ?? '').split('/')
  const evidence = players.find(({ scorer }) => String(scorer.machineId) === machine)?.state.evidence
  if (evidence?.round === Number(round)) return response.end(evidence.bytes)
  response.statusCode = 404
  return response.end()
})
/** What a store does with one block. */
async function storeBlock(cid: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'PUT') {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    texts.set(cid, Buffer.concat(parts))
  }
  const block = texts.get(cid)
  response.statusCode = block ? 200 : 404
  response.end(block)
}
const players: Player[] = []
/** What was submitted, as a store would serve it. */
const texts = new Map<string, Uint8Array>()
const watch: BenchmarkWatch = { fromBlock: 0, open: [] }
const folder = mkdtempSync(join(tmpdir(), 'trainyard-score-'))
const driver = createProcessDriver({
  nodePath: process.execPath,
  trainerDir: resolve('verifier/src/canonical'),
  benchmarkDir: resolve('verifier/src/benchmark/program'),
  stateDir: join(folder, 'runs'),
})
let net: Devnet
let auditor: Account
let storeUrl: string

beforeAll(async () => {
  net = await startDevnet(
    {},
    {
      benchmarkSeconds: 300,
      roundSeconds: 3000,
      epochSeconds: EPOCH_SECONDS,
      drillSize: 3,
      drillSeconds: 600,
      ticketMflops: 1,
    },
  )
  await new Promise<void>((resolve) => served.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(served.address() as AddressInfo).port}`
  storeUrl = url
  auditor = await net.account(8)
  await funded(auditor)
  await takeSeat(auditor, { hardwareClass })
  for (let i = 0; i < MACHINES; i++) players.push(await player(i, url))
})
afterAll(async () => {
  await Promise.all(players.flatMap(({ scorer }) => [scorer.bench.stop(), scorer.measuring.stop()]))
  served.close()
  await net?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function funded(account: Account): Promise<void> {
  await deposit(account, { amountWei: parseEther('2000') })
  await bond(account, { amountWei: parseEther('1000') })
}

async function player(index: number, url: string): Promise<Player> {
  const account = await net.account(index)
  await funded(account)
  const facts = { specHash: id('spec'), specUri: 'spec', hardwareClass, endpoint: url }
  const { machineId } = await addMachine(account, facts)
  const kept = new Map<string, unknown>()
  const one: Player = {
    account,
    state: { submitted: undefined, evidence: undefined, workedAtMs: 0 },
    busy: false,
    scorer: {
      ...{ chain: account, machineId, signer: account.wallet, logger },
      journal: {
        fact: <T>(name: string) => kept.get(name) as T | undefined,
        saveFact: (name, value) => void kept.set(name, value),
      },
      evidenceUri: `${url}/benchmarks/${machineId}`,
      settledOrders: () => [],
      isBusy: () => one.busy,
      fetchData: async (cid) => texts.get(cid) ?? readFile('yard/samples/digits/train.safetensors'),
      bench: createBench(),
      measuring: createMeasuring({
        ...{ driver, limits: limitsOf(), prefix: `ty-benchmark-${index}-` },
        dir: join(folder, String(index)),
      }),
      networkMBPerSecond: async () => 0,
      publish: async (cid, bytes) => void texts.set(cid, bytes),
      kept: keptEvidence(join(folder, `${index}-evidence`)),
      measureMs: 300,
      restMs: 0,
    },
  }
  return one
}

async function everybody(): Promise<void> {
  await Promise.all(players.map(({ scorer, state }) => stepScore(scorer, state)))
  const about = { context: auditor, account: auditor.address, log: logger } as unknown as Auditor
  await judgeBenchmarks(about, watch, await readHead(auditor))
  await net.mine(2)
}

const scoreOf = ({ scorer }: Player) => readScore(auditor, scorer.machineId)

/** Looks until everybody's score is so; at most so often as no honest run needs. */
async function until(fits: (score: Awaited<ReturnType<typeof scoreOf>>) => boolean): Promise<void> {
  for (let looks = 1; looks < 60; looks++) {
    const scores = await Promise.all(players.map(scoreOf))
    if (scores.every(fits)) return
    await everybody()
  }
  expect.unreachable('it did not come so far')
}

test('default: machines are measured, audited, and drill', async () => {
  await openRound(auditor, { luckyBlock: 0 })
  await everybody() // asks, while a round is open that counts for nobody
  await everybody() // and does not measure in it
  expect(await driver.list()).toEqual([])
  expect(players.map(({ state }) => state.submitted)).toEqual(players.map(() => undefined))
  await net.advance(7000)
  await until(({ device }) => device.fresh)
  for (const one of players) {
    const { device } = await scoreOf(one)
    expect(device.mflops).toBeGreaterThan(0n)
    expect(device.mflops).toBe(device.lastMflops / 2n)
  }
  await tellsScore(players[0]!)
  for (const { scorer, state } of players) {
    const kept = await scorer.kept.load()
    expect(kept?.round).toBe(state.evidence!.round)
    expect(Buffer.compare(kept!.bytes, state.evidence!.bytes)).toBe(0)
    await scorer.kept.save({ round: kept!.round + 1, bytes: kept!.bytes })
    expect(await scorer.kept.load()).toMatchObject({ round: kept!.round + 1 }) // one at a time
    await scorer.kept.save(kept!)
  }
  await until(({ decpNut }) => decpNut > 0n)
  const { fillInNut } = devnetScoreParameters
  for (const one of players) expect((await scoreOf(one)).decpNut % fillInNut).toBe(0n)
})

/** `trainyard score`: parts, age, and what is proved of them. */
async function tellsScore({ scorer: { machineId } }: Player): Promise<void> {
  const deployment = join(folder, 'deployment.json')
  writeFileSync(deployment, JSON.stringify(net.deployment))
  const { rim, answers, texts } = fakeRim()
  const options = { rpc: net.rpcUrl, deployment }
  await scoreCommand(machineId, { ...options, json: true }, rim)
  await scoreCommand(machineId, options, rim)
  expect(answers[0]).toMatchObject({
    device: { fresh: true },
    report: { driver: `node ${process.versions.node}` },
  })
  expect(texts.at(-1)).toMatch(/MFLOPS, audited; measured 20.*products of 256 x 256.*its own word/s)
}

test('behavior: a submitted task is done; one whose data does not fit is unavailable, and nobody loses', async () => {
  const paid = 10_000_000n
  const small = { ...fillIn(id('submitted')), first: 0, count: 20 }
  const digits = await readFile('yard/samples/digits/train.safetensors')
  const unavailable = encodeBytes32String('unavailable')
  expect(await agreedOn(small, paid)).toEqual({
    result: resultOf(runTask(small, digits, () => false)!),
    credits: MACHINES,
  })
  expect(await agreedOn({ ...small, first: 6_000 }, paid)).toEqual({ result: unavailable, credits: 0 })
  for (const { scorer } of players) {
    expect((await read(auditor, 'drilling', 'enrolmentOf', [scorer.machineId])).tickets).toBeGreaterThan(0n)
  }
})

test('behavior: trainyard drill: tasks from a file are submitted, done, and shown with metrics and credits', async () => {
  const store = storeUrl
  const file = join(folder, 'tasks.json')
  const keystore = join(folder, 'submitter.json')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, 'a long password for a test\n', { mode: 0o600 })
  await net.fund(await createLightKeystore({ file: keystore, passwordFile }))
  const task = { ...fillIn(id('by command')), first: 0, count: 40 }
  writeFileSync(file, JSON.stringify([task]))
  const deployment = join(folder, 'deployment.json')
  const chain = { rpc: net.rpcUrl, deployment, store, data: [], limit: 5, json: true as const }
  const { rim, answers } = fakeRim()
  await expect(submitDrill(file, { ...chain, keystore, passwordFile }, rim)).rejects.toThrow(
    /Burn .* for one task/,
  )
  const before = await read(auditor, 'drilling', 'taskCount', [])
  await submitDrill(file, { ...chain, keystore, passwordFile, shard: 20, yes: true }, rim)
  const { tasks } = answers.at(-1) as { tasks: { spec: string; nut: string }[] }
  expect(tasks.length).toBe(2)
  const isOurs = async (taskId: bigint) => {
    const { spec, stage } = await readTask(auditor, taskId)
    return spec === tasks[1]!.spec && stage === 'Agreed'
  }
  let ours = 0n
  for (let looks = 1; looks < 120 && ours === 0n; looks++) {
    await everybody()
    const count = await read(auditor, 'drilling', 'taskCount', [])
    for (let taskId = before + 1n; taskId <= count; taskId++) if (await isOurs(taskId)) ours = taskId
  }
  await listDrills(chain, rim)
  expect(answers.at(-1)).toMatchObject({ queued: '0' })
  await showDrill(ours, chain, rim)
  const shown = answers.at(-1) as { stage: string; metrics: string; text: string; members: { nut: string }[] }
  expect(shown.stage).toBe('Agreed')
  expect(JSON.parse(shown.text)).toMatchObject({ first: 20, count: 20 })
  expect((JSON.parse(shown.metrics) as { total: number }[])[0]).toMatchObject({ total: 20 })
  expect(shown.members.map(({ nut }) => nut)).toEqual(players.map(() => tasks[1]!.nut))
  await expect(showDrill(9_999n, chain, rim)).rejects.toThrow(/no drilling task 9999/)
})

/** Submits a task, and everybody looks until its result is agreed on. */
async function agreedOn(task: object, nut: bigint) {
  const bytes = canonicalBytes(task)
  const spec = sha256(bytes)
  texts.set(rawCid(spec), bytes)
  const before = await read(auditor, 'drilling', 'taskCount', [])
  const fromBlock = (await readHead(auditor)).blockNumber
  await submitTask(auditor, { spec, uri: rawCid(spec), nut })
  for (let looks = 1; looks < 80; looks++) {
    await everybody()
    const count = await read(auditor, 'drilling', 'taskCount', [])
    for (let taskId = before + 1n; taskId <= count; taskId++) {
      const { spec: of, nut: pays, result, stage } = await readTask(auditor, taskId)
      if (of !== spec || stage !== 'Agreed') continue
      const events = await readEvents(auditor, fromBlock, (await readHead(auditor)).blockNumber)
      const credits = events.filter((event) => event.name === 'DrillCredited' && event.args.nut === pays)
      return { result, credits: credits.length }
    }
  }
  return expect.unreachable('it was not agreed on')
}

test('behavior: with an order on the machine it neither measures nor begins a drill', async () => {
  const [one] = players as [Player]
  one.busy = true
  await net.advance(7000)
  await everybody() // a new round, and the machine does not answer it
  await everybody()
  expect((await scoreOf(one)).device.pendingRound).toBe(0)
  one.busy = false
})

test('error: products that were not computed are found, and the score is lost', async () => {
  const cheat = players[1]!
  const { measuring } = cheat.scorer
  const measure: typeof measuring.measure = async (task) => {
    const measured = await measuring.measure(task)
    return measured && { ...measured, root: id('made up') }
  }
  const honest = cheat.scorer
  cheat.scorer = { ...honest, measuring: { ...measuring, measure } }
  await net.advance(7000)
  for (let looks = 0; looks < 20 && (await scoreOf(cheat)).device.lastMflops > 0n; looks++) await everybody()
  expect((await scoreOf(cheat)).device).toMatchObject({ mflops: 0n, fresh: false })
  expect((await scoreOf(players[2]!)).device.fresh).toBe(true)
  cheat.scorer = honest
})

test('behavior: what a machine wins is claimed with its own key, once its key counts', async () => {
  const { rewards } = net.deployment
  await send(auditor, 'balances', 'transfer', [rewards, parseEther('100')])
  await net.advance(3 * EPOCH_SECONDS)
  const { scorer } = players[2]!
  const epoch = await read(auditor, 'hashrate', 'epoch', [])
  const isClaimed = () => read(auditor, 'rewards', 'isClaimed', [epoch, scorer.machineId])
  for (let looks = 0; looks < 20 && !(await isClaimed()); looks++) await everybody()
  expect(await isClaimed()).toBe(true)
  expect(await read(auditor, 'rewards', 'treasuryWei', [])).toBeLessThanOrEqual(parseEther('100'))
})
