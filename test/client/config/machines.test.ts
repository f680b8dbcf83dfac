import { expect, test } from 'vitest'
import { machinesOf } from '../../../client/src/config/machinesOf.ts'
import { parseConfig } from '../../../client/src/config/readConfig.ts'

const host = `rpc = "http://127.0.0.1:8545"
deployment = "deployment.json"
keystore = "keystore.json"
passwordFile = "password"
dataDir = "data"
store = "http://127.0.0.1:8600"
driver = "docker"
pricePerHourWei = "36"
maxSeconds = 3600
bondWei = 100
`
const gpu = (digit: string) => `GPU-${digit.repeat(8)}-2222-3333-4444-${'5'.repeat(12)}`
const parse = (rest: string) => parseConfig(host + rest, 'c.toml')

test('default: without a list the host is one machine, with all of its GPUs', () => {
  const config = parse('')
  expect(machinesOf(config)).toEqual([{ ...config, name: '', share: 1 }])
})

test('default: each machine has its own settings over those of the host, and an equal part of what is left', () => {
  const config = parse(`
[[machines]]
name = "half"
share = 0.5
gpus = ["${gpu('1')}", "${gpu('2')}"]
pricePerHourWei = "99"
hardwareClass = "l40s-580"

[[machines]]
name = "a"
gpus = ["${gpu('3')}"]
maxSeconds = 60

[[machines]]
name = "b"
`)
  const told = machinesOf(config).map(({ name, share, gpus, pricePerHourWei, maxSeconds, hardwareClass }) => {
    return [name, share, gpus?.length, pricePerHourWei, maxSeconds, hardwareClass]
  })
  expect(told).toEqual([
    ['half', 0.5, 2, 99n, 3600, 'l40s-580'],
    ['a', 0.25, 1, 36n, 60, 'canonical'],
    ['b', 0.25, 0, 36n, 3600, 'canonical'],
  ])
})

const part = (name: string, rest = '') => `[[machines]]\nname = "${name}"\n${rest}\n`
test.each([
  ['two of one name', part('a') + part('a'), 'line 15: "machines.1.name" is wrong: "a" is another'],
  [
    'one GPU for two',
    part('a', `gpus = ["${gpu('1')}"]`) + part('b', `gpus = ["${gpu('2')}", "${gpu('1')}"]`),
    `line 16: "machines.1.gpus" is wrong: ${gpu('1')} is given to "a" already`,
  ],
  ['more than the host', part('a', 'share = 0.7') + part('b', 'share = 0.4'), 'add up to 1.1'],
  ['nothing left', part('a', 'share = 1.0') + part('b'), 'the shares add up to 1:'],
  ['a GPU by its index', part('a', 'gpus = ["0"]'), "expected a GPU's UUID"],
  ['a key of the host', part('a', 'bondWei = 1'), '"machines.0.bondWei" is not a known key'],
  ['GPUs of host and machine', `gpus = ["${gpu('1')}"]\n${part('a')}`, '"gpus" is wrong'],
])('error: %s', (_what, text, message) => {
  expect(() => parse(text)).toThrow(message)
})

test('behavior: thirds as decimals are no more than the host', () => {
  const thirds = ['a', 'b', 'c'].map((name) => part(name, 'share = 0.3333333333333334')).join('')
  expect(machinesOf(parse(thirds))).toHaveLength(3)
})
