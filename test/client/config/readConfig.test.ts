import { expect, test } from 'vitest'
import { parseConfig } from '../../../client/src/config/readConfig.ts'

const good = {
  rpc: '"http://127.0.0.1:8545"',
  deployment: '"deployment.json"',
  keystore: '"keystore.json"',
  passwordFile: '"password"',
  dataDir: '"data"',
  store: '"http://127.0.0.1:8600"',
  driver: '"process"',
  pricePerHourWei: '"36000000000000000000"',
  maxSeconds: '3600',
  bondWei: '100',
}
const toml = (changes: Record<string, string> = {}) =>
  Object.entries({ ...good, ...changes })
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')

test('default: amounts beyond 2^53 stay exact, and defaults are filled in', () => {
  expect(parseConfig(toml(), 'c.toml')).toMatchObject({
    pricePerHourWei: 36000000000000000000n,
    bondWei: 100n,
    listen: { host: '127.0.0.1', port: 8585 },
    hardwareClass: 'canonical',
  })
})

test('args: listen', () => {
  expect(parseConfig(toml({ listen: '"[::1]:0"' }), 'c.toml').listen).toEqual({ host: '::1', port: 0 })
})

test.each([
  ['driver', '"kubernetes"'],
  ['rpc', '"ftp://host"'],
  ['maxSeconds', '-1'],
  ['pricePerHourWei', '0'],
  ['bondWei', '1.5'],
  ['listen', '"127.0.0.1:99999"'],
  ['prizePerHour', '1'],
])('error: a wrong %s is named', (key, value) => {
  expect(() => parseConfig(toml({ [key]: value }), 'c.toml')).toThrow(new RegExp(`"${key}"`))
})

test('error: a missing key is named', () => {
  expect(() => parseConfig(toml().replace(/^keystore.*\n/m, ''), 'c.toml')).toThrow(/"keystore"/)
})

test('error: text that is no TOML names the line', () => {
  expect(() => parseConfig(`${toml()}oops`, 'c.toml')).toThrow(/line 11/)
})
