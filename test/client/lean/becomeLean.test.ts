import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { stripSources } from '../../../client/src/lean/stripSources.ts'
import { startClient } from '../rig/startClient.ts'
import { type Rig, startRig } from '../rig/startRig.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

const commandOf = (pid: number | undefined) => readFile(`/proc/${pid}/cmdline`, 'utf8')

test('default: start becomes a daemon whose sources have no types, under the same process id', async () => {
  const { config } = await rig.seller('lean')
  const client = await startClient(config)
  expect(await commandOf(client.child.pid)).toContain('client/bin/daemon.mjs')
  expect(await client.terminate()).toBe(0)
})

test('error: where the sources cannot be written, the daemon runs all the same', async () => {
  const { config, home } = await rig.seller('full')
  await mkdir(join(home, 'data'))
  await writeFile(join(home, 'data', 'code'), 'in the way')
  const client = await startClient(config)
  expect(await commandOf(client.child.pid)).toContain('client/src/cli.ts')
  expect(await client.terminate()).toBe(0)
})

test('behavior: what is out of date goes, what is missing comes, and the rest stays', async () => {
  const into = join(rig.dir, 'code')
  const root = resolve(import.meta.dirname, '../../..')
  await stripSources(root, into)
  const first = (await readdir(into)).sort()
  expect(first.length).toBeGreaterThan(100)
  const text = await readFile(join(into, first[0]!), 'utf8')
  await rm(join(into, first[0]!))
  await writeFile(join(into, 'old.js'), '')
  await stripSources(root, into)
  expect((await readdir(into)).sort()).toEqual(first)
  expect(await readFile(join(into, first[0]!), 'utf8')).toBe(text)
})
