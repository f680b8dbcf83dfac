import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { signGrant } from '@trainyard/verifier/grant.ts'
import { orderTinyJob, statusIs } from '../test/client/rig/orders.ts'
import { reached } from '../test/client/rig/reached.ts'
import { startClient } from '../test/client/rig/startClient.ts'
import { type Rig, startRig } from '../test/client/rig/startRig.ts'
import { type Figure, median, round } from './lib/figure.ts'

/** 120 segments of 8 steps in 10 windows of 12. */
const JOB = {
  proof: { mode: 'bitwise' as const, draws: 10 },
  steps: 960,
  stepsPerSegment: 8,
  segmentsPerWindow: 12,
  model: { kind: 'mlp' as const, layers: [16, 512, 4] },
}
const ALL = 1_000_000

/**
 * Bytes of checkpoints on a seller's disk when a run has ended, the job's own copies included: with every checkpoint kept,
 * as before, and with each window's first; and how long a party waits for one that was dropped.
 */
export async function measure(): Promise<Figure> {
  const rig = await startRig({ commitSeconds: 600, revealSeconds: 600 })
  try {
    const all = await keptBytes(rig, 'hoarder', ALL)
    const few = await keptBytes(rig, 'thrifty', 0)
    const ratio = few.bytes / all.bytes
    return {
      figure: 'storage',
      value: few.bytes,
      unit: 'bytes of checkpoints at the end of a run',
      reference: 'every checkpoint kept until settlement',
      ratio: round(ratio),
      goal: '<= windows + 4 checkpoints',
      met: few.checkpoints <= 10 + 4,
      detail: { kept: few, keptBefore: all, segments: 120, windows: 10 },
    }
  } finally {
    await rig.stop()
  }
}

async function keptBytes(rig: Rig, name: string, checkpointMegabytes: number) {
  const { config, home, address } = await rig.seller(name, { checkpointMegabytes })
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId, JOB)
    await statusIs(rig, orderId, 'Auditing')
    await reached(client, orderId, 'ended')
    const files = await checkpointsBelow(join(home, 'data', 'orders', String(orderId)))
    const authorization = await signGrant(rig.buyer.wallet, {
      ...rig.devnet.deployment,
      audience: address,
      orderId,
    })
    const waits: number[] = []
    // The last of each window but its own last: the longest way from its first.
    for (let step = 11 * 8; step < JOB.steps; step += 12 * 8) {
      const start = performance.now()
      const answer = await fetch(`${client.url}/orders/${orderId}/checkpoints/${step}`, {
        headers: { authorization },
      })
      if (answer.status !== 200) throw new Error(await answer.text())
      await answer.arrayBuffer()
      waits.push(performance.now() - start)
    }
    const bytes = files.reduce((sum, size) => sum + size, 0)
    return {
      checkpoints: files.length,
      bytes,
      waitMs: { median: round(median(waits), 0), most: round(Math.max(...waits), 0) },
    }
  } finally {
    await client.terminate()
  }
}

async function checkpointsBelow(dir: string): Promise<number[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter(
    ({ name, parentPath }) =>
      name.endsWith('.safetensors') && !/\/(data|in|result)(\/|$)/.test(parentPath.slice(dir.length)),
  )
  return Promise.all(files.map(async ({ parentPath, name }) => (await lstat(join(parentPath, name))).size))
}
