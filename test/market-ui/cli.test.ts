import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const cli = join(import.meta.dirname, '../../market-ui/server/cli.ts')

let dir: string
let child: ChildProcess | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trainyard-market-cli-'))
})
afterEach(async () => {
  child?.kill('SIGKILL')
  child = undefined
  await rm(dir, { recursive: true, force: true })
})

const start = async (config: unknown, ...flags: string[]) => {
  const file = join(dir, 'config.json')
  await writeFile(file, JSON.stringify(config))
  child = spawn(process.execPath, [cli, '--config', file, ...flags], { stdio: ['pipe', 'pipe', 'pipe'] })
  return child
}

const config = () => ({
  rpc: 'http://127.0.0.1:1',
  deployment: join(dir, 'none.json'),
  dataDir: join(dir, 'data'),
})

describe('market server', () => {
  it('default: says on one line where it listens, and ends with its parent', async () => {
    const running = await start(config(), '--parent-pipe')
    const [line] = (await once(createInterface({ input: running.stdout! }), 'line')) as [string]
    const ready = JSON.parse(line) as { ready: boolean; url: string }
    expect(ready).toEqual({ ready: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
    expect((await fetch(`${ready.url}/api/health`)).status).toBe(200)
    running.stdin!.end()
    expect(await once(running, 'exit')).toEqual([0, null])
  })

  it('behavior: two signals stop it once and cleanly', async () => {
    const running = await start(config())
    await once(createInterface({ input: running.stdout! }), 'line')
    running.kill('SIGINT')
    running.kill('SIGTERM')
    expect(await once(running, 'exit')).toEqual([0, null])
  })

  it('error: a wrong configuration names the field and exits 1', async () => {
    const running = await start({ ...config(), rpc: 'ftp://x', extra: 1 })
    let said = ''
    running.stderr!.on('data', (part: Buffer) => {
      said += part.toString()
    })
    expect(await once(running, 'close')).toEqual([1, null])
    expect(said).toContain('rpc')
    expect(said).toContain('extra')
  })
})
