import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { priceScriptSchema } from '../../../client/src/config/config.ts'
import { createPricer } from '../../../client/src/setup/price/createPricer.ts'
import { until } from '../rig/until.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trainyard-price-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function pricerWith(body: string, changes: Record<string, unknown> = {}) {
  const path = join(await mkdtemp(join(dir, 'script-')), 'price')
  await writeFile(path, `#!/bin/sh\n${body}\n`)
  await chmod(path, 0o755)
  const facts = new Map<string, unknown>()
  const warnings: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line) => warnings.push(JSON.parse(line).reason) })
  const limits = { minPerHourWei: 10, maxPerHourWei: 1000, timeoutSeconds: 1 }
  const priceScript = priceScriptSchema.parse({ command: [path], ...limits, ...changes })
  const pricer = createPricer({
    config: {
      name: '',
      pricePerHourWei: 100n,
      priceSchedule: [],
      priceTimeZone: 'UTC',
      priceScript,
      hardwareClass: 'canonical',
    },
    journal: {
      fact: <T>(name: string) => facts.get(name) as T | undefined,
      saveFact: (name, value) => void facts.set(name, value),
    },
    searchPath: '/usr/bin:/bin',
    logger,
  })
  return { ask: (nowMs: number) => pricer({ nowMs, machineId: 7n, busy: true }), warnings, path }
}

test('default: what the script says, asked again only when its time has come', async () => {
  const { ask, path } = await pricerWith(
    `cat > $(dirname $0)/question; echo x >> $(dirname $0)/runs; echo '{"pricePerHourWei":"250"}'`,
  )
  expect(await ask(0)).toBe(250n)
  expect(await ask(299_999)).toBe(250n)
  expect(await ask(300_000)).toBe(250n)
  expect(await readFile(join(path, '../runs'), 'utf8')).toBe('x\nx\n')
  expect(JSON.parse(await readFile(join(path, '../question'), 'utf8'))).toEqual({
    version: 1,
    unixSeconds: 300,
    machineId: '7',
    hardwareClass: 'canonical',
    busy: true,
    formerPricePerHourWei: '250',
    configuredPricePerHourWei: '100',
  })
})

test('behavior: its environment is PATH, and nothing of ours', async () => {
  const { ask, path } = await pricerWith(`env > $(dirname $0)/env; echo '{"pricePerHourWei":11}'`)
  expect(await ask(0)).toBe(11n)
  const names = (await readFile(join(path, '../env'), 'utf8')).match(/^\w+(?==)/gm) ?? []
  expect(names.filter((name) => !['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))).toEqual([])
})

test('error: what fails leaves the last good price, and is told once', async () => {
  const good = `test -e $(dirname $0)/bad || { echo '{"pricePerHourWei":"42"}'; exit; }`
  const { ask, warnings, path } = await pricerWith(`${good}\necho 'no market today' >&2; exit 3`)
  expect(await ask(0)).toBe(42n)
  await writeFile(join(path, '../bad'), '')
  expect(await ask(300_000)).toBe(42n)
  expect(await ask(600_000)).toBe(42n)
  expect(warnings).toEqual(['The price script failed: it ended with 3: no market today.'])
})

test.each([
  ['text', 'echo cheap', 'its answer is not JSON: cheap'],
  ['another form', `echo '{"price":5}'`, 'its answer is not {"pricePerHourWei"'],
  ['too low', `echo '{"pricePerHourWei":"9"}'`, 'it said 9, which is outside 10 to 1000'],
  ['too much', 'head -c 100000 /dev/zero', 'it said more than 4096 bytes'],
])('error: an answer that is %s is no price; the configured one stays', async (_, body, reason) => {
  const { ask, warnings } = await pricerWith(body)
  expect(await ask(0)).toBe(100n)
  expect(warnings[0]).toContain(reason)
})

test('error: a script that is not there', async () => {
  const { ask, warnings } = await pricerWith('', { command: ['/nowhere/price'] })
  expect(await ask(0)).toBe(100n)
  expect(warnings[0]).toContain('ENOENT')
})

test('error: a script that hangs is ended with all it started', async () => {
  const { ask, warnings, path } = await pricerWith('sleep 1000 & echo $! > $(dirname $0)/pid; wait')
  expect(await ask(0)).toBe(100n)
  expect(warnings[0]).toContain('no answer within 1 s')
  const pid = Number(await readFile(join(path, '../pid'), 'utf8'))
  await until(async () => ((await isRunning(pid)) ? undefined : true), 5_000)
})

/** A killed process may stay a zombie until whoever inherited it looks. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined)
  return stat !== undefined && !/\) [ZX] /.test(stat)
}
