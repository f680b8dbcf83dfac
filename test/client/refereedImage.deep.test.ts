import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import type { CanonicalJob, ImageJob } from '@trainyard/verifier/job.ts'
import { readPair } from '@trainyard/verifier/referee/readPair.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { buildCanonicalImage } from '../../client/src/images/canonicalImage.ts'
import { docker, dockerMissing, dockerTest } from '../helpers/docker.ts'
import { nodePath, openFolder } from '../helpers/driverRun.ts'
import { removeImage } from '../helpers/standInImage.ts'
import { orderTinyPair, statusIs } from './rig/orders.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'

const TIMEOUT_MS = 400_000
const CLASS = 'epyc'
const hardwareClass = hardwareClassOf(CLASS)
const root = join(import.meta.dirname, '../..')
const REPLAYER = [process.execPath, join(root, 'client/src/images/torch/cli.ts'), 'replay'] as const

const TOLD = "const spec = record(parse(text), 'spec')"
/** Makes the canonical trainer a program of an image like any other, which is told its layers by a job of images. */
const AS_IMAGE = `${TOLD}
  if (spec.version === 2) {
    const { layers } = spec.model as { layers: string }
    Object.assign(spec, { version: 1, model: { kind: 'mlp', layers: layers.split('-').map(Number) } })
  }`

let rig: Rig
let image: string
beforeAll(async () => {
  if (dockerMissing !== undefined) return
  const trainerDir = openFolder('trainer')
  cpSync(join(root, 'verifier/src/canonical'), trainerDir, { recursive: true })
  const spec = readFileSync(join(trainerDir, 'spec.ts'), 'utf8')
  expect(spec).toContain(TOLD)
  writeFileSync(join(trainerDir, 'spec.ts'), spec.replace(TOLD, AS_IMAGE))
  // An image's result is all tensors of its state but the optimiser's.
  const checkpoint = readFileSync(join(trainerDir, 'checkpoint.ts'), 'utf8')
  writeFileSync(join(trainerDir, 'checkpoint.ts'), checkpoint.replaceAll('`m.${', '`opt.${'))
  image = (await buildCanonicalImage({ docker, nodePath, trainerDir })).imageId
  rmSync(trainerDir, { recursive: true })
  rig = await startRig({ confirmSeconds: 600, commitSeconds: 180 })
  await takeSeat(rig.auditor, { hardwareClass })
}, 120_000)
afterAll(async () => {
  await rig?.stop()
  if (image) await removeImage(image)
})

const inImage = ({ model, ...job }: CanonicalJob): ImageJob => ({
  ...job,
  version: 2,
  environment: { profile: 'image', image },
  model: { kind: 'mlp', layers: model.layers.join('-') },
  checkpointBytes: 65_536,
})
const seller = (name: string, more: object = {}) =>
  rig.seller(name, {
    ...{ driver: 'docker', hardwareClass: CLASS, images: [image], proofModes: ['bitwise', 'refereed'] },
    ...more,
  })

dockerTest(
  'default: two sellers train a job in an image in containers, agree, and both are paid; the bundle is valid by a replay in the image',
  async () => {
    const [a, b] = [await seller('first'), await seller('second')]
    const [first, second] = [await startClient(a.config), await startClient(b.config)]
    try {
      const pair = await orderTinyPair(rig, [first.machineId, second.machineId], inImage)
      for (const orderId of pair) {
        const order = await statusIs(rig, orderId, 'Completed')
        expect(order.paidWei > 0n && order.refundedWei >= order.auditFeeWei).toBe(true)
      }
      expect(await readPair(rig.buyer, pair[0])).toMatchObject({ compared: 5, differsFrom: null, sealed: 0 })
      const out = join(rig.dir, 'bundle')
      const at = { context: rig.buyer, orderId: pair[0], store: rig.market.url, out }
      const found = await fetchBundle({ ...at, replayer: [...REPLAYER] })
      expect(found.checks.filter(({ status }) => status === 'fail')).toEqual([])
      expect(found.verdict).toBe('valid')
    } finally {
      await Promise.all([first.terminate(), second.terminate()])
    }
  },
  TIMEOUT_MS,
)
