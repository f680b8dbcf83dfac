// Lighthouse over a market's pages: `npm ci && node run.mjs URL [PATH ...]` in this folder, with a market running at URL
// (npm start). Each page is loaded RUNS times (5 unless set), since a busy machine moves a score by ten points and more;
// prints one line of JSON a page, of the run in the middle, with all performance scores. Chromium at $CHROMIUM or /usr/bin/chromium.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import lighthouse from 'lighthouse'

const [base, ...paths] = process.argv.slice(2)
if (base === undefined) {
  console.error('usage: node run.mjs URL [PATH ...]')
  process.exit(1)
}
const RUNS = Number(process.env.RUNS ?? 5)
const START_TIMEOUT_MS = 20_000
const profile = await mkdtemp(join(tmpdir(), 'trainyard-lighthouse-'))
const chromium = spawn(
  process.env.CHROMIUM ?? '/usr/bin/chromium',
  [
    '--headless=new',
    '--no-sandbox',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ],
  { stdio: ['ignore', 'ignore', 'pipe'] },
)
try {
  const port = await debuggingPort()
  for (const path of paths.length > 0 ? paths : ['/']) {
    const reports = []
    for (let run = 0; run < RUNS; run += 1) {
      const { lhr } = await lighthouse(new URL(path, base).href, { port, output: 'json', logLevel: 'error' })
      if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`)
      reports.push(lhr)
    }
    const scoreOf = (report, name) => Math.round((report.categories[name]?.score ?? 0) * 100)
    reports.sort((a, b) => scoreOf(a, 'performance') - scoreOf(b, 'performance'))
    const middle = reports[Math.floor(RUNS / 2)]
    const { categories, audits } = middle
    const score = (name) => scoreOf(middle, name)
    const failed = Object.values(categories.accessibility?.auditRefs ?? {}).flatMap(({ id }) =>
      audits[id]?.score === 0 ? [id] : [],
    )
    console.log(
      JSON.stringify({
        path,
        performance: score('performance'),
        performances: reports.map((report) => scoreOf(report, 'performance')),
        accessibility: Math.min(...reports.map((report) => scoreOf(report, 'accessibility'))),
        bestPractices: score('best-practices'),
        firstContentfulPaintMs: Math.round(audits['first-contentful-paint']?.numericValue ?? 0),
        largestContentfulPaintMs: Math.round(audits['largest-contentful-paint']?.numericValue ?? 0),
        totalBlockingMs: Math.round(audits['total-blocking-time']?.numericValue ?? 0),
        layoutShift: audits['cumulative-layout-shift']?.numericValue,
        failed,
      }),
    )
  }
} finally {
  const ended = once(chromium, 'exit')
  chromium.kill('SIGTERM')
  await ended
  await rm(profile, { recursive: true, force: true })
}

async function debuggingPort() {
  const timer = setTimeout(() => chromium.kill('SIGKILL'), START_TIMEOUT_MS)
  for await (const line of createInterface({ input: chromium.stderr })) {
    const found = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(line)
    if (found === null) continue
    clearTimeout(timer)
    chromium.stderr.resume()
    return Number(found[1])
  }
  throw new Error('Chromium did not start.')
}
