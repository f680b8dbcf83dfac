import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../../client/src/config/readConfig.ts'
import { startDaemon } from '../../client/src/daemon.ts'
import type { Driver, RunSpec } from '../../client/src/drivers/driver.ts'
import { openDriver } from '../../client/src/drivers/openDriver.ts'
import { orderTinyJob, statusIs } from './rig/orders.ts'
import { type Rig, startRig } from './rig/startRig.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

/** A machine on which one bit of every second self-test run falls over. */
function flippingOneBit(inner: Driver): Driver {
  const runs = new Map<string, RunSpec>()
  return {
    ...inner,
    async start(run) {
      runs.set(run.runId, run)
      await inner.start(run)
    },
    async wait(runId, signal) {
      const state = await inner.wait(runId, signal)
      const run = runs.get(runId)
      if (run && runId.endsWith('-s2') && state.kind === 'exited') {
        const path = join(run.jobDir, 'out', 'checkpoints', String(run.toStep), 'state.safetensors')
        const bytes = await readFile(path)
        bytes[bytes.length - 1]! ^= 1
        await writeFile(path, bytes)
      }
      return state
    },
  }
}

test('error: a first segment that comes out differently ends the order before its clock runs', async () => {
  const { config: file } = await rig.seller('flaky')
  const config = await readConfig(file)
  const { driver } = await openDriver({ name: 'process', dataDir: config.dataDir })
  const logger = pino({ level: 'silent' })
  const daemon = await startDaemon(config, { logger, driver: flippingOneBit(driver) })
  try {
    const orderId = await orderTinyJob(rig, daemon.machineId)
    const facts = await statusIs(rig, orderId, 'Failed')
    expect(closeReasonName(facts.closeReason)).toBe('JOB_NOT_DETERMINISTIC')
    expect(facts).toMatchObject({
      startedAt: 0,
      paidWei: 0n,
      slashedWei: 0n,
      refundedWei: facts.escrowWei + facts.auditFeeWei,
    })
  } finally {
    await daemon.stop()
  }
})

/** A machine on which the first self-test run of every order fails after it has done its work. */
function failingFirstRuns(inner: Driver): Driver {
  return {
    ...inner,
    async wait(runId, signal) {
      const state = await inner.wait(runId, signal)
      return runId.endsWith('-s1') && state.kind === 'exited' ? { ...state, exitCode: 1 } : state
    },
  }
}

test('error: what a job that fails before it starts has said is kept, also for the next process', async () => {
  const { config: file } = await rig.seller('failing')
  const config = await readConfig(file)
  const { driver } = await openDriver({ name: 'process', dataDir: config.dataDir })
  const logger = pino({ level: 'silent' })
  const first = await startDaemon(config, { logger, driver: failingFirstRuns(driver) })
  const orderId = await orderTinyJob(rig, first.machineId)
  const { closeReason } = await statusIs(rig, orderId, 'Failed').finally(() => first.stop())
  expect(closeReasonName(closeReason)).toBe('JOB_INVALID')
  const second = await startDaemon(config, { logger })
  try {
    const told = await (await fetch(`${second.url}/orders/${orderId}/events?once`)).text()
    expect(told).toMatch(/event: log\ndata: .*"line":"training steps 0 to 16 of 240"/)
    expect(told).toContain('The first segment failed with exit code 1.')
  } finally {
    await second.stop()
  }
})

/** An image that trains and ends well, but leaves no checkpoint. */
function withoutCheckpoints(inner: Driver): Driver {
  const runs = new Map<string, RunSpec>()
  return {
    ...inner,
    async start(run) {
      runs.set(run.runId, run)
      await inner.start(run)
    },
    async wait(runId, signal) {
      const state = await inner.wait(runId, signal)
      const jobDir = runs.get(runId)?.jobDir
      if (jobDir) await rm(join(jobDir, 'out', 'checkpoints'), { recursive: true, force: true })
      return state
    },
  }
}

test('error: a job that never checkpoints is the job’s fault, and costs its seller nothing', async () => {
  const { config: file } = await rig.seller('noCheckpoint')
  const config = await readConfig(file)
  const { driver } = await openDriver({ name: 'process', dataDir: config.dataDir })
  const logger = pino({ level: 'silent' })
  const daemon = await startDaemon(config, { logger, driver: withoutCheckpoints(driver) })
  try {
    const orderId = await orderTinyJob(rig, daemon.machineId)
    const facts = await statusIs(rig, orderId, 'Failed')
    expect(closeReasonName(facts.closeReason)).toBe('JOB_INVALID')
    expect(facts).toMatchObject({ startedAt: 0, paidWei: 0n, slashedWei: 0n })
  } finally {
    await daemon.stop()
  }
})
