import { rm } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { checkGpu } from '../../../client/src/cli/checks/checkGpu.ts'
import { parseConfig } from '../../../client/src/config/readConfig.ts'
import { fakeNvidiaSmi, POWER, smiXml } from '../facts/fakeNvidiaSmi.ts'

const uuid = (digit: number) => `GPU-${String(digit).repeat(8)}-2222-3333-4444-${'5'.repeat(12)}`
const gpu = (n: number) => ({
  bus: `00000000:0${n}:00.0`,
  model: 'NVIDIA L40S',
  uuid: uuid(n),
  totalMiB: 46068,
  power: POWER.v13,
})
const host = `rpc = "http://127.0.0.1:8545"
deployment = "d"
keystore = "k"
passwordFile = "p"
dataDir = "data"
store = "http://127.0.0.1:8600"
driver = "process"
pricePerHourWei = "36"
maxSeconds = 3600
bondWei = 100
`

async function checksOf(machines: string) {
  const smi = await fakeNvidiaSmi('ok', smiXml([gpu(1), gpu(2)]))
  onTestFinished(() => rm(smi, { recursive: true }))
  return checkGpu(`${smi}:/usr/bin:/bin`, parseConfig(host + machines, 'c.toml'))
}

test('default: a host that is sold as one says nothing of parts', async () => {
  expect((await checksOf('')).map(({ id, status }) => [id, status])).toEqual([['gpu', 'pass']])
})

test('default: which machine has which share and GPUs', async () => {
  const parts = `[[machines]]\nname = "a"\nshare = 0.75\ngpus = ["${uuid(2)}"]\n[[machines]]\nname = "b"\n`
  const [, machines] = await checksOf(parts)
  expect(machines).toMatchObject({
    id: 'machines',
    status: 'pass',
    actual: `a: 75 % of the host, ${uuid(2)}; b: 25 % of the host`,
  })
})

test('error: a GPU that a machine is to have and the host has not', async () => {
  const [, machines] = await checksOf(`[[machines]]\nname = "a"\ngpus = ["${uuid(1)}", "${uuid(9)}"]\n`)
  expect(machines).toMatchObject({ status: 'fail', required: `these GPUs here: ${uuid(9)}` })
})
