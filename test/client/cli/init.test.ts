import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { editToml } from '../../../client/src/cli/init/editToml.ts'
import { initCommand } from '../../../client/src/cli/initCommand.ts'
import type { InitOptions } from '../../../client/src/cli/verbs/init.ts'
import { fakeRim } from './fakeRim.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trainyard-init-'))
  const address = `0x${'a'.repeat(40)}`
  const names = ['token', 'runtime', 'balances', 'machines', 'staking', 'market', 'proofs', 'disputes']
  const contracts = Object.fromEntries([...names, 'windows'].map((name) => [name, address]))
  const deployment = { chainId: 31337, genesisHash: `0x${'b'.repeat(64)}`, deployedBlock: 0, ...contracts }
  await writeFile(join(dir, 'deployment.json'), JSON.stringify(deployment))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function init(options: Partial<InitOptions>) {
  const { rim, answers } = fakeRim()
  const where = { dir: join(dir, 'seller'), rpc: 'http://127.0.0.1:1' }
  await initCommand({ yes: true, json: true, ...where, ...options }, rim)
  return answers[0] as {
    config: string
    account: string
    created: boolean
    newAccount: boolean
    changed: string[]
  }
}
const deployment = () => join(dir, 'deployment.json')
const secretFiles = () => [join(dir, 'seller', 'keystore.json'), join(dir, 'seller', 'password')]

test('default: a configuration, and an account that only this user can read', async () => {
  const made = await init({ deployment: deployment(), driver: 'process' })
  expect(made).toMatchObject({ created: true, newAccount: true, account: expect.stringMatching(/^0x/) })
  for (const file of secretFiles()) expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('behavior: run again it changes only what is given; account, comments and other keys stay', async () => {
  const first = await init({ deployment: deployment(), driver: 'process' })
  const text = await readFile(first.config, 'utf8')
  const mine = `# my machine\n${text.replace(/^store = .*$/m, 'store = "http://127.0.0.1:9" # the old one')}[[priceSchedule]]\npricePerHourWei = 5\n`
  await writeFile(first.config, mine)
  const keys = await Promise.all(secretFiles().map((file) => readFile(file, 'utf8')))
  const second = await init({ priceWei: '77', store: 'http://127.0.0.1:10' })
  expect(second).toEqual({
    ...{ config: first.config, account: first.account, created: false, newAccount: false },
    changed: ['store', 'pricePerHourWei'],
  })
  expect(await readFile(first.config, 'utf8')).toBe(
    mine
      .replace('store = "http://127.0.0.1:9"', 'store = "http://127.0.0.1:10"')
      .replace(/^pricePerHourWei = "\d+"$/m, 'pricePerHourWei = "77"'),
  )
  expect(await Promise.all(secretFiles().map((file) => readFile(file, 'utf8')))).toEqual(keys)
  expect((await init({})).changed).toEqual([])
})

test('behavior: an endpoint can be set, and taken out again', async () => {
  const { config } = await init({ deployment: deployment(), publicEndpoint: 'https://seller.example' })
  expect(await readFile(config, 'utf8')).toContain('publicEndpoint = "https://seller.example"')
  expect((await init({ publicEndpoint: '' })).changed).toEqual(['publicEndpoint'])
  expect(await readFile(config, 'utf8')).not.toContain('publicEndpoint')
})

test('behavior: a region is written, a wrong one is named before anything is', async () => {
  const { config } = await init({ deployment: deployment(), region: 'eu-central' })
  expect(await readFile(config, 'utf8')).toContain('region = "eu-central"')
  await expect(init({ region: '<b>here</b>' })).rejects.toThrow(/region/)
  expect(await readFile(config, 'utf8')).toContain('region = "eu-central"')
})

test('behavior: an account that is there already is used, not replaced', async () => {
  const first = await init({ deployment: deployment() })
  const [keystore, passwordFile] = secretFiles()
  const other = await init({
    dir: join(dir, 'other'),
    deployment: deployment(),
    keystore: keystore!,
    passwordFile: passwordFile!,
  })
  expect(other).toMatchObject({ account: first.account, newAccount: false, created: true })
  await expect(stat(join(dir, 'other', 'keystore.json'))).rejects.toThrow('ENOENT')
})

test('error: a wrong value is named before anything is written', async () => {
  await expect(init({ deployment: deployment(), listen: 'here' })).rejects.toThrow(
    '"listen" is wrong: expected host:port',
  )
  await expect(stat(join(dir, 'seller'))).rejects.toThrow('ENOENT')
})

test('error: a configuration that is wrong is not replaced', async () => {
  const { config } = await init({ deployment: deployment() })
  await writeFile(config, `${await readFile(config, 'utf8')}colour = "red"\n`)
  await expect(init({ priceWei: '5' })).rejects.toThrow('"colour" is not a known key')
})

test('error: amounts in tokens need a chain that says what a token is', async () => {
  await expect(init({ deployment: deployment(), price: '36' })).rejects.toThrow(
    'does not say what a token is',
  )
})

test('error: nobody to ask and no --yes', async () => {
  const { rim } = fakeRim()
  await expect(initCommand({ dir: join(dir, 'seller') }, rim)).rejects.toThrow('Nobody is here to answer')
})

test('editToml: keys that look alike within tables and strings are left alone', () => {
  const text = 'a = """\nstore = 1\n"""\n[t]\nstore = 2\n'
  expect(editToml(text, { store: 3 })).toBe('a = """\nstore = 1\n"""\nstore = 3\n[t]\nstore = 2\n')
})
