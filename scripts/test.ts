// `npm test`: static checks, vitest, the end-to-end path, and beside them forge; one count over all of them.
// `--deep` runs the full counts (FOUNDRY_PROFILE=deep) and the files named *.deep.test.ts (TRAINYARD_DEEP=1). With
// TRAINYARD_REQUIRE=docker,chromium a skipped test is a failure, unless its name says GPU or public network.
import { spawn as start } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { forgePath } from './forgePath.ts'
import { type Count, countForge, countVitest } from './testCounts.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)
const deep = process.argv.includes('--deep')
const required = (process.env.TRAINYARD_REQUIRE ?? '') !== ''
const env = {
  ...process.env,
  ...(deep ? { FOUNDRY_PROFILE: 'deep', TRAINYARD_DEEP: '1' } : {}),
  // Everything below runs on this Node, also scripts with a `node` shebang.
  PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
}
const PHASE_TIMEOUT_MS = (deep ? 240 : 22) * 60_000

type Phase = { name: string; run: () => Promise<Count> }

/** What it printed is told at the end, where `quiet`: two phases at once would mix their lines. */
async function spawn(command: string, args: string[], output: 'inherit' | 'quiet' = 'inherit') {
  const stdio = output === 'quiet' ? 'pipe' : 'inherit'
  const child = start(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', stdio, stdio],
    timeout: PHASE_TIMEOUT_MS,
  })
  const [stdout, stderr, status] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        console.error(`${command}: ${error.message}`)
        resolve(null)
      })
      child.once('close', resolve)
    }),
  ])
  return { stdout, stderr, status }
}

function check(name: string, command: string, args: string[]): Phase {
  return {
    name,
    run: async () => {
      const ok = (await spawn(command, args)).status === 0
      return { passed: ok ? 1 : 0, failed: ok ? [] : [name], skipped: [], again: [] }
    },
  }
}

function vitest(name: string, args: string[]): Phase {
  return {
    name,
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'trainyard-test-'))
      const report = join(folder, 'report.json')
      const entry = join(root, 'node_modules', 'vitest', 'vitest.mjs')
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
      const { status } = await spawn(process.execPath, [entry, 'run', ...reporters, ...args])
      try {
        return countVitest(name, status, readFileSync(report, 'utf8'))
      } catch (cause) {
        console.error(`vitest left no report: ${cause}`)
        return { passed: 0, failed: [`${name}: no report`], skipped: [], again: [] }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** Compiling keeps one core busy for most of a minute, and much of the other tests is waiting for blocks. */
const forgeRun = spawn(process.execPath, ['scripts/forgeTest.ts', '--json'], 'quiet')

const forge: Phase = {
  name: 'forge',
  run: async () => {
    const { status, stdout, stderr } = await forgeRun
    console.error(stderr)
    return countForge(status, stdout)
  },
}

const phases: Phase[] = [
  check('lockfile complete', process.execPath, ['scripts/lock.mjs', '--check']),
  check('biome', bin('biome'), ['ci', '.']),
  check('types', bin('tsc'), ['--noEmit', '-p', '.']),
  check('no unused files, exports or dependencies', bin('knip'), []),
  check('forge fmt', forgePath(), ['fmt', '--check']),
  check('generated ABIs are fresh', process.execPath, ['scripts/genAbi.ts', '--check']),
  vitest('unit and integration tests', ['--exclude', 'test/e2e/**']),
  forge,
  vitest('end to end', ['test/e2e', '--maxWorkers=2']),
]

const total: Count = { passed: 0, failed: [], skipped: [], again: [] }
for (const phase of phases) {
  const start = performance.now()
  console.log(`\n== ${phase.name}`)
  const { passed, failed, skipped, again } = await phase.run()
  total.passed += passed
  total.failed.push(...failed)
  total.skipped.push(...skipped)
  total.again.push(...again)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(
    `== ${phase.name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped (${seconds} s)`,
  )
}

const mayBeSkipped = (name: string) => /GPU|public network/i.test(name)
for (const name of total.skipped) console.log(`skipped: ${name}`)
for (const name of total.again) console.log(`passed at the second try: ${name}`)
if (required)
  total.failed.push(...total.skipped.filter((name) => !mayBeSkipped(name)).map((name) => `skipped: ${name}`))
for (const name of total.failed) console.log(`FAILED: ${name}`)
console.log(`${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`)
process.exitCode = total.failed.length > 0 ? 1 : 0
