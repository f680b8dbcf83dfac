import { afterAll, beforeAll, test } from 'vitest'
import type { Moment } from '../../client/src/engine/moment.ts'
import { killedWhileDone, sleepingSeller } from './rig/killedLives.ts'
import { type Rig, startRig } from './rig/startRig.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

test('behavior: killed right after each of its transactions, the daemon sends none of them again', {
  timeout: 240_000,
}, async () => {
  const seller = await sleepingSeller(rig, 'killed-often', 'process')
  const sent = ['SendStart', 'CommitWindow', 'SendCompleted', 'SettleIfDue'] as const
  await killedWhileDone(
    rig,
    seller,
    sent.map((type): Moment => `after ${type}`),
  )
})
