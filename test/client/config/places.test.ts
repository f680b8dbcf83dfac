import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { configKeys } from '../../../client/src/config/config.ts'
import { variableOf } from '../../../client/src/config/environment.ts'
import { lineOf } from '../../../client/src/config/lineOf.ts'
import { nearestOf } from '../../../client/src/config/nearestOf.ts'
import { parseConfig } from '../../../client/src/config/readConfig.ts'

const good = `rpc = "http://127.0.0.1:8545"
deployment = "deployment.json"
keystore = "keystore.json"
passwordFile = "password"
dataDir = "data"
store = "http://127.0.0.1:8600"
driver = "process"
pricePerHourWei = "36"
maxSeconds = 3600
bondWei = 100
`

const failure = (text: string, env: Record<string, string> = {}) => {
  try {
    parseConfig(text, 'c.toml', env)
  } catch (error) {
    return error as Error & { suggestion: string }
  }
  throw new Error('it was accepted')
}

test('error: a misspelt key is named with its line, and what was meant', () => {
  const { message, suggestion } = failure(good.replace('maxSeconds', 'maxSecond'))
  expect(message).toContain('c.toml, line 9: "maxSecond" is not a known key; did you mean "maxSeconds"?')
  expect(message).toContain('c.toml: "maxSeconds" is missing.')
  expect(suggestion).toContain('keys allowed there: rpc, chain, deployment')
})

test('error: a wrong value is named with its line and what is allowed', () => {
  const text = good.replace('"process"', '"kubernetes"').replace('100', '-1')
  const { message } = failure(text)
  expect(message).toMatch(/c\.toml, line 7: "driver" is wrong: .*"docker"\|"process"/)
  expect(message).toContain('c.toml, line 10: "bondWei" is wrong: expected a whole number of wei')
})

test('error: a key within a list of tables is found in its own table', () => {
  const text = `${good}
[[priceSchedule]]
pricePerHourWei = 5

[[priceSchedule]]
form = "08:00"
pricePerHourWei = 7
`
  expect(failure(text).message).toBe(
    'c.toml, line 16: "priceSchedule.1.form" is not a known key; did you mean "from"?',
  )
  expect(failure(text.replace('form', 'from').replace('08:00', '8')).message).toContain(
    'c.toml, line 16: "priceSchedule.1.from" is wrong: expected a time',
  )
})

test('error: the environment is named instead of a line', () => {
  expect(failure(good, { TRAINYARD_DRIVER: 'lxc' }).message).toMatch(/^TRAINYARD_DRIVER: "driver" is wrong/)
  expect(failure(good, { TRAINYARD_PRICE_SCHEDULE: '[' }).message).toBe(
    'TRAINYARD_PRICE_SCHEDULE is not JSON.',
  )
  expect(failure(good, { TRAINYARD_MAX_SECOND: '60' }).suggestion).toContain('TRAINYARD_MAX_SECONDS')
})

test.each(['TRAINYARD_PASSWORD', 'TRAINYARD_PRIVATE_KEY', 'TRAINYARD_KEYSTORE_PASSWORD'])(
  'error: a secret in the environment is refused, and not repeated: %s',
  (name) => {
    const { message } = failure(good, { [name]: 'hunter2' })
    expect(message).toContain(`${name} is set: secrets are not taken from the environment`)
    expect(message).not.toContain('hunter2')
  },
)

test('default: every key can be overridden, each as its own type', () => {
  const values: Record<string, string> = {
    rpc: 'http://127.0.0.1:1',
    chain: 'revive',
    rpcFallbacks: '["https://b.example"]',
    deployment: 'other.json',
    keystore: 'k.json',
    passwordFile: '/etc/p',
    dataDir: 'd',
    listen: '0.0.0.0:1',
    metricsListen: '127.0.0.1:9999',
    publicEndpoint: 'https://a.example',
    store: 'http://127.0.0.1:2',
    drandRelays: '["https://c.example"]',
    driver: 'docker',
    pricePerHourWei: '7',
    priceTimeZone: 'Europe/Berlin',
    priceSchedule: '[{"days":["sat"],"pricePerHourWei":"3"}]',
    priceScript: '{"command":["/bin/price"],"minPerHourWei":"1","maxPerHourWei":"9"}',
    maxSeconds: '61',
    bondWei: '8',
    hardwareClass: 'h100-580',
    images: `["sha256:${'ab'.repeat(32)}"]`,
    vouchedImages: `["sha256:${'ab'.repeat(32)}"]`,
    benchmarkImage: `sha256:${'ab'.repeat(32)}`,
    region: 'eu-central',
    gpus: `["GPU-${'1'.repeat(8)}-2222-3333-4444-${'5'.repeat(12)}"]`,
    machines: '[]',
    imageSources: `{"sha256:${'ab'.repeat(32)}":"r.example/a@sha256:${'cd'.repeat(32)}"}`,
    egress: '["pypi.org:443"]',
    proofModes: '["none"]',
    heartbeatSeconds: '0',
    checkpointMegabytes: '8',
    score: 'on',
  }
  expect(Object.keys(values).sort()).toEqual([...configKeys].sort())
  const env = Object.fromEntries(configKeys.map((key) => [variableOf(key), values[key]!]))
  expect(parseConfig(good, 'c.toml', env)).toEqual({
    rpc: 'http://127.0.0.1:1',
    chain: 'revive',
    rpcFallbacks: ['https://b.example'],
    deployment: resolve('other.json'), // relative to the current folder, not to the file
    keystore: resolve('k.json'),
    passwordFile: '/etc/p',
    dataDir: resolve('d'),
    listen: { host: '0.0.0.0', port: 1 },
    metricsListen: { host: '127.0.0.1', port: 9999 },
    publicEndpoint: 'https://a.example',
    store: 'http://127.0.0.1:2',
    drandRelays: ['https://c.example'],
    driver: 'docker',
    pricePerHourWei: 7n,
    priceTimeZone: 'Europe/Berlin',
    priceSchedule: [{ days: ['sat'], from: '00:00', to: '24:00', pricePerHourWei: 3n }],
    priceScript: {
      command: ['/bin/price'],
      timeoutSeconds: 10,
      everySeconds: 300,
      minPerHourWei: 1n,
      maxPerHourWei: 9n,
    },
    maxSeconds: 61,
    bondWei: 8n,
    hardwareClass: 'h100-580',
    images: [`sha256:${'ab'.repeat(32)}`],
    vouchedImages: [`sha256:${'ab'.repeat(32)}`],
    benchmarkImage: `sha256:${'ab'.repeat(32)}`,
    region: 'eu-central',
    gpus: [`GPU-${'1'.repeat(8)}-2222-3333-4444-${'5'.repeat(12)}`],
    machines: [],
    imageSources: { [`sha256:${'ab'.repeat(32)}`]: `r.example/a@sha256:${'cd'.repeat(32)}` },
    egress: ['pypi.org:443'],
    proofModes: ['none'],
    checkpointMegabytes: 8,
    score: 'on',
    heartbeatSeconds: 0,
  })
})

test('behavior: an empty variable, and one of another purpose, change nothing', () => {
  const env = { TRAINYARD_RPC: '', TRAINYARD_REQUIRE: 'docker', TRAINYARD_CONFIG: 'x' }
  expect(parseConfig(good, 'c.toml', env).rpc).toBe('http://127.0.0.1:8545')
})

test('lineOf: multi-line strings, quoted and dotted keys', () => {
  const text = 'a = """\nb = 1\n"""\nb = 2\n[t."x.y"]\nk.m = 1\n[[l]]\n[[l]]\nb = 3\n'
  expect(lineOf(text, ['b'])).toBe(4)
  expect(lineOf(text, ['t', 'x.y', 'k', 'm'])).toBe(6)
  expect(lineOf(text, ['l', 1, 'b'])).toBe(9)
  expect(lineOf(text, ['l', 1, 'gone'])).toBe(8)
  expect(lineOf(text, ['c'])).toBeUndefined()
})

test('nearestOf: close words only', () => {
  expect(nearestOf('prizePerHourWei', configKeys)).toBe('pricePerHourWei')
  expect(nearestOf('colour', configKeys)).toBeUndefined()
})
