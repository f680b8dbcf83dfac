import { afterAll, beforeAll, test } from 'vitest'
import { runOnFaultyWire } from './rig/runOnFaultyWire.ts'
import { type Rig, startRig } from './rig/startRig.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

test(
  'behavior: a fifth of all messages lost, late, out of order, cut, doubled or stale: settled, nothing sent twice',
  {
    timeout: 180_000,
  },
  () => runOnFaultyWire(rig, 20_261, 0.2),
)
