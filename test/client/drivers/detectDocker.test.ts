import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { describeEngineFailure } from '../../../client/src/drivers/docker/describeEngineFailure.ts'
import { detectDocker } from '../../../client/src/drivers/docker/detectDocker.ts'
import { dockerTest } from '../../helpers/docker.ts'
import { nodePath, openFolder } from '../../helpers/driverRun.ts'

const folder = openFolder('detect')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('detectDocker', () => {
  dockerTest('default: says which engine it is and what it does not enforce', async () => {
    const detection = await detectDocker()
    expect(detection).toMatchObject({ found: true, version: expect.stringMatching(/^\d+\./), weaknesses: [] })
  })

  test('error: no socket', async () => {
    const detection = await detectDocker({ socketPath: join(folder, 'none.sock') })
    expect(detection).toMatchObject({
      found: false,
      reason: expect.stringContaining('its socket does not exist'),
    })
  })

  test('error: a socket that a dead daemon left behind', async () => {
    const socketPath = join(folder, 'stale.sock')
    const leave = `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`
    expect(() => execFileSync(nodePath, ['-e', leave])).toThrow()
    const detection = await detectDocker({ socketPath })
    expect(detection).toMatchObject({
      found: false,
      reason: expect.stringContaining('nothing listens on it'),
    })
  })

  test('error: a daemon that hangs', async () => {
    const socketPath = join(folder, 'hung.sock')
    const server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(socketPath, resolve))
    const detection = await detectDocker({ socketPath, timeoutMs: 100 })
    expect(detection).toMatchObject({
      found: false,
      reason: expect.stringContaining('did not answer within 100 ms'),
    })
    server.close()
  })

  test('error: an address where nothing listens is named', () => {
    const refused = { code: 'ECONNREFUSED', address: '127.0.0.1', port: 9 }
    for (const error of [Object.assign(new Error('refused'), refused), new AggregateError([refused])]) {
      expect(describeEngineFailure(error, 1).reason).toBe('nothing listens on tcp://127.0.0.1:9')
    }
  })

  test('error: a socket that this user may not use', () => {
    const denied = Object.assign(new Error('connect EACCES'), { code: 'EACCES' })
    expect(describeEngineFailure(denied, 1).suggestion).toContain('group docker')
  })
})
