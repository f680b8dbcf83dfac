import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reportBundle } from '@trainyard/verifier/report/report.ts'
import { afterAll, expect, test } from 'vitest'
import { type Cheat, honestBundle } from '../../helpers/honestBundle.ts'
import { imageBundle, standInReplayer } from '../../helpers/imageBundle.ts'
import { editText, flipByte, tamperBundle } from '../../helpers/tamperBundle.ts'

const dir = mkdtempSync(join(tmpdir(), 'trainyard-report-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const textOf = (page: string) => page.replaceAll(/<style>.*?<\/style>|<[^>]*>/gs, ' ').replaceAll(/\s+/g, ' ')

/** A seller that moved the weights after one segment and went on from there. */
const nudged = (wrong: number): Cheat => ({
  replay: (segment, run) => {
    if (segment !== wrong) return run
    const params = run.state.params.map((values) => values.map((value) => value + 1e-3))
    return { ...run, state: { ...run.state, params }, stateRoot: `0x${'77'.repeat(32)}` }
  },
})

test('default: an honest bundle, from the command line, is one page with all parts', async () => {
  const out = join(dir, 'report.html')
  const { status, stdout } = spawnSync(
    process.execPath,
    ['verifier/bin/trainyard-verify.mjs', 'report', await honestBundle(), '--out', out],
    { encoding: 'utf8', timeout: 60_000 },
  )
  expect({ status, stdout }).toEqual({ status: 0, stdout: `valid: ${out}\n` })
  const page = readFileSync(out, 'utf8')
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
  const headings = [...page.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map(([, heading]) => heading)
  expect(headings).toEqual([
    'What was checked',
    'Training',
    'Updates',
    'Differences',
    'Timeline',
    'Screens',
    'Money',
  ])
  expect([...page.matchAll(/<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)"/g)]).toHaveLength(4)
  expect(textOf(page)).toContain('Run again, every segment ends in the claimed state, bit for bit.')
  expect(textOf(page)).toContain('A bundle holds no amounts')
})

test('behavior: a page loads nothing and runs nothing', async () => {
  const { page } = await reportBundle(await honestBundle())
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline';`.replaceAll("'", '&#39;'))
  expect(page).not.toMatch(/<script|<link|<img|<iframe|<a |\son\w+=|url\(|@import|https?:/i)
  expect(page).toContain('prefers-color-scheme:dark')
})

test('behavior: a wrong segment is named, with the distance of each tensor at the end of its window', async () => {
  const early = await reportBundle(await honestBundle(nudged(2)))
  expect(early.verdict.verdict).toBe('invalid')
  const text = textOf(early.page)
  expect(text).toContain('Window 1, from segment 2 on')
  expect(text).toMatch(/ w0 0\.00\d+ [\d.e-]+ m\.w0 /)
  expect(text).toContain('replay Failed segment 2 comes to')
  const last = await reportBundle(await honestBundle(nudged(4)))
  expect(textOf(last.page)).toContain('Window 2, from segment 4 on')
  expect(textOf(last.page)).toMatch(/ w0 0\.001 /) // moved by exactly that
})

const HOSTILE = `</title></style><script>alert(1)</script><img src=x onerror="alert('2')">&lt;\u202e`

test.for(['job', 'order'] as const)('behavior: hostile text in %s is text', async (where) => {
  const honest = await honestBundle({
    ...(where === 'job' ? { job: { name: HOSTILE.slice(0, 60) } } : {}),
    order: (order) => (where === 'order' ? { ...order, resultCid: HOSTILE } : order),
  })
  const { page } = await reportBundle(honest)
  expect(page).not.toMatch(/<script|<img|\u202e/i)
  expect(page).toContain('&lt;/title&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
})

test('behavior: hostile text in evidence names and broken files is text too', async () => {
  const bundle = await honestBundle()
  tamperBundle(bundle, {
    'order.json': editText((text) => text.replace(/"evidence":"[^"]*"/, `"evidence":"<b onclick=x>\\"'"`)),
    'windows/1.json': editText(() => '<script>'),
  })
  const { page, verdict } = await reportBundle(bundle)
  expect(verdict.verdict).toBe('invalid')
  expect(page).not.toMatch(/<b |<script/)
  expect(page).toContain('&lt;b onclick=x&gt;&quot;&#39;')
})

test.for([
  'job.json',
  'order.json',
  'inner/1.json',
  'checkpoints/4/state.safetensors',
  'data/train.safetensors',
])('behavior: without a usable %s there is still a page that says so', async (path) => {
  const bundle = await honestBundle()
  tamperBundle(bundle, { [path]: (bytes) => flipByte(bytes, 0) })
  const { page, verdict } = await reportBundle(bundle)
  expect(verdict.verdict).toBe('invalid')
  expect(textOf(page)).toContain('Invalid')
  expect(page).toMatch(/<span class="badge (fail|blocked)">/)
  expect(page.endsWith('</html>\n')).toBe(true)
})

test('behavior: extreme numbers make no broken drawing', async () => {
  const { page } = await reportBundle(
    await honestBundle({
      replay: (_, run) => ({ ...run, inner: run.inner.map(() => [0x7fc00000, 0xff800000]) }),
    }),
  )
  expect(page).not.toMatch(/="[^"]*(NaN|Infinity)/)
  expect(textOf(page)).toContain('Loss: no finite value.')
})

test("behavior: an image's job is reported as claimed, or as replayed where its image can be run", async () => {
  const bundle = await imageBundle()
  const claimed = await reportBundle(bundle)
  expect(claimed.verdict.verdict).toBe('undecided')
  expect(textOf(claimed.page)).toContain('Update norm of each window')
  expect(textOf(claimed.page)).toContain('as its seller claims it: nothing was run again here')
  expect(claimed.page).not.toContain('<h2 id="screens">')
  const replayed = await reportBundle(bundle, { replayer: standInReplayer() })
  expect(replayed.verdict.verdict).toBe('valid')
  expect(textOf(replayed.page)).toMatch(/segment 4: \d/)
  expect(textOf(replayed.page)).toContain('No segment that could be replayed came to another state')
}, 60_000)
