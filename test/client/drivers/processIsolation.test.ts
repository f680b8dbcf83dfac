import { cpSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProcessDriver } from '../../../client/src/drivers/process/createProcessDriver.ts'
import { nodePath, openFolder, runOf, standIn } from '../../helpers/driverRun.ts'

const folder = openFolder('process-isolation')
const trainerDir = join(folder, 'trainer')
const root = process.getuid?.() === 0
let report: Record<string, unknown> = {}

beforeAll(async () => {
  cpSync(standIn, trainerDir, { recursive: true })
  const server = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const driver = createProcessDriver({ nodePath, trainerDir, stateDir: join(folder, 'state') })
  const run = runOf(folder, 'attack', { do: 'attack', host })
  await driver.start(run)
  expect(await driver.wait(run.runId, AbortSignal.timeout(20_000))).toMatchObject({
    kind: 'exited',
    exitCode: 0,
  })
  server.close()
  report = JSON.parse(readFileSync(join(run.jobDir, 'out/report.json'), 'utf8'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a hostile job in a confined process', () => {
  test('default: it can write its output and nothing else', () => {
    expect(report.writeOutput).toBe('done')
    for (const what of ['writeRoot', 'writeTrainer', 'writeSpec', 'writeData', 'writeInput', 'writeJob']) {
      expect(`${what} ${report[what]}`).toBe(`${what} ERR_ACCESS_DENIED`)
    }
  })

  test('behavior: it reads nothing outside its folders and makes no links', () => {
    for (const what of ['readHost', 'readParent', 'entries', 'status', 'link']) {
      expect(`${what} ${report[what]}`).toBe(`${what} ERR_ACCESS_DENIED`)
    }
  })

  test('behavior: it starts no process', () => {
    expect(report.children).toBe('ERR_ACCESS_DENIED')
    expect(report.runFromTmp).toBe('ERR_ACCESS_DENIED')
  })

  test.runIf(root)('behavior: under a root daemon it is nobody and has no network', () => {
    expect(report.uid).toBe(65_534)
    expect(report.connect).not.toBe('done')
  })
})
