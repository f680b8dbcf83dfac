import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { startClient } from '../test/client/rig/startClient.ts'
import { startRig } from '../test/client/rig/startRig.ts'
import { type Figure, round } from './lib/figure.ts'
import { processUse } from './lib/processUse.ts'

const SETTLE_MS = 10_000
const WATCH_MS = 30_000
const GOAL_MIB = 90
const GOAL_CPU_PERCENT = 1

/**
 * Memory and CPU of a seller's daemon that has no order, on a devnet that mines four blocks a second (whose head it
 * looks at twice a second; on other chains every eight seconds). The reference is a Node process that does nothing.
 */
export async function measure(): Promise<Figure> {
  const rig = await startRig()
  try {
    const { config } = await rig.seller('idle')
    const client = await startClient(config)
    await sleep(SETTLE_MS)
    const before = processUse(client.child.pid ?? 0)
    await sleep(WATCH_MS)
    const after = processUse(client.child.pid ?? 0)
    await client.terminate()
    const bareMiB = await bareNodeMiB()
    const cpuPercent = ((after.cpuMs - before.cpuMs) / WATCH_MS) * 100
    return {
      figure: 'daemon-idle',
      value: after.rssMiB,
      unit: 'MiB resident',
      reference: 'a Node process that does nothing',
      ratio: round(after.rssMiB / bareMiB),
      goal: `<= ${GOAL_MIB} MiB, <= ${GOAL_CPU_PERCENT} % of a core`,
      met: after.rssMiB <= GOAL_MIB && cpuPercent <= GOAL_CPU_PERCENT,
      detail: { cpuPercent: round(cpuPercent, 2), bareNodeMiB: bareMiB, ...after },
    }
  } finally {
    await rig.stop()
  }
}

async function bareNodeMiB(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })
  await sleep(1_000)
  const { rssMiB } = processUse(child.pid ?? 0)
  child.kill('SIGKILL')
  return rssMiB
}
