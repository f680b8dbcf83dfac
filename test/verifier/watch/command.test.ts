import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
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

test('error: an account without tokens is told so in one sentence', async () => {
  const auditor = await createTestAuditor(net, 'http://127.0.0.1:1', { tokensWei: 0n })
  await expect(auditor.start()).rejects.toThrow()
  expect(auditor.stderr.at(-1)).toMatch(/^The chain refused .* No money moved\. /)
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
