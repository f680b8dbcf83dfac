import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { createContentCache } from '@trainyard/verifier/watch/contentCache.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestStore, type TestStore } from './testStore.ts'

let folder: string
let store: TestStore

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-cache-'))
  store = await startTestStore()
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  store.down = false
})

async function stored(text: string) {
  const bytes = new TextEncoder().encode(text)
  const { cid, blocks } = await addBytes(bytes)
  await putBlocks(store.url, blocks)
  return { cid, bytes }
}

test('default: what was fetched once is there without the store', async () => {
  const { cid, bytes } = await stored('kept')
  expect(await createContentCache(folder, store.url).get(cid, 100)).toEqual(bytes)
  store.down = true
  expect(await createContentCache(folder, store.url).get(cid, 100)).toEqual(bytes)
})

test('behavior: a file that changed on disk is fetched again', async () => {
  const { cid, bytes } = await stored('changed on disk')
  const cache = createContentCache(folder, store.url)
  await cache.get(cid, 100)
  writeFileSync(join(folder, 'content', cid), 'changed on disc')
  expect(await cache.get(cid, 100)).toEqual(bytes)
})

test('behavior: many fetches at once leave whole files and nothing else', async () => {
  const cache = createContentCache(folder, store.url)
  const contents = await Promise.all(['a', 'b', 'c', 'd'].map(stored))
  const fetches = [...contents, ...contents].map(({ cid }) => cache.get(cid, 100))
  await Promise.all(fetches)
  const names = readdirSync(join(folder, 'content'))
  expect(names.filter((name) => name.includes('tmp'))).toEqual([])
  expect(names).toEqual(expect.arrayContaining(contents.map(({ cid }) => cid)))
})

test('error: names that are no CIDs never become paths', async () => {
  const cache = createContentCache(folder, store.url)
  await expect(cache.get('../../etc/passwd', 100)).rejects.toThrow('it is not a CID')
})
