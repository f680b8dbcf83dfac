import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { leaveCommand } from '@trainyard/verifier/leave/command.ts'
import { leaveAuditing } from '@trainyard/verifier/leave/leaveAuditing.ts'
import { ensureSeat } from '@trainyard/verifier/watch/ensureSeat.ts'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { createTestAuditor } from './testAuditor.ts'

const cli = join(import.meta.dirname, '../../../verifier/src/cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'trainyard-command-'))
vi.setConfig({ testTimeout: 90_000 })

let net: Devnet

beforeAll(async () => {
  net = await startDevnet()
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await net?.stop()
})

async function run(args: string[]) {
  const child = spawn(process.execPath, [cli, 'watch', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const [code] = await once(child, 'exit')
  return { code: code as number, stderr }
}

test('default: takes a seat once, says that it is ready, and ends with its parent', async () => {
  const auditor = await createTestAuditor(net, 'http://127.0.0.1:1')
  await auditor.start()
  const context = await net.account(0)
  const canonical = hardwareClassOf('canonical')
  expect(auditor.lines).toEqual([{ ready: true, url: null, account: auditor.address }])
  expect(await hasSeat(context, canonical, auditor.address)).toBe(true)
  expect(await auditor.end('pipe')).toBe(0)
  await auditor.start()
  expect(await auditor.end('SIGTERM')).toBe(0)
  expect(auditor.stderr.some((line) => line.includes('"tookSeat":true'))).toBe(true)
  expect(auditor.stderr.some((line) => line.includes('"tookSeat":false'))).toBe(true)
  await auditor.dispose()
})

test('behavior: leave gives the seat up, frees its stake when no audit counts on it, and pays all of it out', async () => {
  const context = await net.account(1)
  const hardwareClass = hardwareClassOf('canonical')
  const { address: account } = context
  const before = await readToken(context, account)
  await ensureSeat(context, { account, hardwareClass, bondWei: undefined })
  const leave = () => leaveAuditing(context, { account, hardwareClass })
  const stake = parseEther('100')
  const waiting = { unbondedWei: 0n, withdrawnWei: 0n, reservedWei: stake, nextAt: expect.any(Number) }
  const first = await leave()
  expect(first).toEqual({ leftSeat: true, ...waiting })
  expect(await hasSeat(context, hardwareClass, account)).toBe(false)
  expect(await leave()).toEqual({ leftSeat: false, ...waiting })

  const untilHead = async (unixSeconds: number) =>
    net.advance(unixSeconds - (await readHead(context)).timestamp + 1)
  await untilHead(first.nextAt!)
  const second = await leave()
  const none = { leftSeat: false, unbondedWei: 0n, withdrawnWei: 0n, reservedWei: 0n }
  expect(second).toEqual({ ...none, unbondedWei: stake, nextAt: expect.any(Number) })
  expect(await leave()).toEqual({ ...none, nextAt: second.nextAt })
  await untilHead(second.nextAt!)
  expect(await leave()).toEqual({ ...none, withdrawnWei: stake, nextAt: null })
  expect((await readToken(context, account)).balanceWei).toBe(before.balanceWei)
})

test('error: leave asks for --yes before it does anything', async () => {
  const run = leaveCommand({ say: () => {}, exitWith: () => {} }).parseAsync([
    'node',
    'leave',
    '--config',
    'x',
  ])
  await expect(run).rejects.toThrow('--yes is needed')
})

test('error: an account without tokens is told so in one sentence', async () => {
  const auditor = await createTestAuditor(net, 'http://127.0.0.1:1', { tokensWei: 0n })
  await expect(auditor.start()).rejects.toThrow()
  expect(auditor.stderr.at(-1)).toMatch(
    /^100\.0 DEV are missing for the seat's bond of 100\.0 DEV\. Send them to 0x\w{40}, .* No money moved\.$/,
  )
  await auditor.dispose()
})

test('error: configuration that is missing, malformed or has more than it should', async () => {
  const file = join(folder, 'config.json')
  expect(await run(['--config', join(folder, 'none.json')])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no such file'),
  })
  for (const text of ['', '[]', '{"rpc":"ftp://x"}', '{"extra":1}']) {
    writeFileSync(file, text)
    const { code, stderr } = await run(['--config', file])
    expect(code, text).toBe(2)
    expect(stderr.trim().split('\n'), text).toHaveLength(1)
    expect(stderr, text).toContain('Correct the file and start again.')
  }
  expect((await run(['--config', file])).stderr).toMatch(/rpc is missing; .*; no such key: extra\. /)
})
