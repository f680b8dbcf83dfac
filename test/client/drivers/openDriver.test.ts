import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDriver } from '../../../client/src/drivers/openDriver.ts'
import { dockerTest } from '../../helpers/docker.ts'
import { openFolder } from '../../helpers/driverRun.ts'

const folder = openFolder('open')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

dockerTest('default: a docker driver of a fresh data directory has the image and no runs', async () => {
  const { driver, weaknesses } = await openDriver({ name: 'docker', dataDir: join(folder, 'docker') })
  expect(driver.name).toBe('docker')
  expect(await driver.list()).toEqual([])
  expect(weaknesses).toEqual([])
})

test('behavior: a process driver says what it leaves open', async () => {
  const { driver, weaknesses } = await openDriver({ name: 'process', dataDir: join(folder, 'process') })
  expect(driver.name).toBe('process')
  expect(await driver.list()).toEqual([])
  expect(weaknesses.join()).toContain('only Node keeps the job in its folders')
})
