import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { askRelay } from '../../../client/src/cli/checks/askRelay.ts'
import { check, guarded } from '../../../client/src/cli/checks/check.ts'
import { checkFiles } from '../../../client/src/cli/checks/checkFiles.ts'
import { engineFeatures } from '../../../client/src/cli/checks/engineFeatures.ts'
import { isPublicHost } from '../../../client/src/cli/checks/isPublicHost.ts'

const about = { id: 'x', title: 'X', purpose: 'It is needed.' }

test('guarded: what throws or hangs is a check that failed, with the reason and what to do', async () => {
  const broken = Object.assign(new Error('no disk'), { suggestion: 'Buy one.' })
  expect(await guarded(about, 1_000, () => Promise.reject(broken))).toEqual([
    check(about, { status: 'fail', actual: 'no disk', remediation: 'Buy one.' }),
  ])
  expect(await guarded(about, 20, () => new Promise(() => undefined))).toMatchObject([
    { status: 'fail', actual: 'no result within 0.02 s' },
  ])
})

test.each([
  ['http://8.8.8.8:80', true],
  ['http://[2a00:1450::1]/', true],
  ['http://127.0.0.1:1', false],
  ['http://100.64.1.2', false],
  ['http://169.254.169.254', false],
  ['http://[::1]', false],
  ['http://[fe80::1]', false],
])('isPublicHost: %s', async (url, expected) => {
  expect(await isPublicHost(url)).toBe(expected)
})

test('engineFeatures: what the engine says of user namespaces, system calls and quotas', () => {
  const status = (info: unknown) =>
    Object.fromEntries(engineFeatures(info).map(({ id, status, actual }) => [id, `${status}: ${actual}`]))
  const plain = {
    SecurityOptions: ['name=seccomp,profile=default'],
    Driver: 'overlay2',
    DriverStatus: [['Backing Filesystem', 'extfs']],
  }
  expect(status(plain)).toEqual({
    'docker-userns': 'warn: off',
    'docker-seccomp': 'pass: seccomp',
    'docker-storage': 'info: overlay2 on extfs: none',
  })
  const strict = {
    SecurityOptions: ['name=userns'],
    Driver: 'overlay2',
    DriverStatus: [['Backing Filesystem', 'xfs']],
  }
  expect(status(strict)).toEqual({
    'docker-userns': 'pass: remapped',
    'docker-seccomp': 'fail: none',
    'docker-storage': 'info: overlay2 on xfs: possible with pquota',
  })
  expect(status({})).toMatchObject({ 'docker-seccomp': 'fail: none' })
})

test('checkFiles: a keystore that is not there is told once, the modes are left out', async () => {
  const files = { keystore: '/nowhere/keystore.json', passwordFile: '/nowhere/password' }
  expect(await checkFiles(files)).toMatchObject([
    { id: 'keystore', status: 'fail', actual: 'The keystore /nowhere/keystore.json cannot be read.' },
    { id: 'keystore-mode', status: 'skip' },
    { id: 'password-mode', status: 'skip' },
  ])
})

test('askRelay: the last word of a market about its connection; none from what is no market', async () => {
  const feed = (state: string) => `event: feed\ndata: {"state":"${state}","message":"${state}."}\n\n`
  const server = createServer((request, response) => {
    if (request.url !== '/api/orders/7/events') return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    return response.write(`${feed('connecting')}event: log\ndata: {}\n\n${feed('interrupted')}`)
  })
  server.listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const market = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await askRelay(market, '7')).toEqual({ state: 'interrupted', message: 'interrupted.' })
  expect(await askRelay(market, '8')).toBeUndefined()
})
