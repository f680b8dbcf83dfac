import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runYard, yardHome } from './runYard.ts'

// What chargpt does where it runs is in chargpt.deep.test.ts: its image takes a download of 260 MB.

test('error: chargpt where no Docker answers is refused in one sentence, and nothing is started', async () => {
  using yard = yardHome()
  const env = { DOCKER_HOST: `unix://${join(yard.home, 'nobody.sock')}` }
  const run = await runYard(yard.home, ['--once', '--job', 'chargpt'], env)
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(
    /The job chargpt runs in a container, and .*Docker.* Without --job, npm start runs/,
  )
  expect(run.stdout).toBe('')
})

test('error: chargpt has no process driver and no cheat, and other jobs are named', async () => {
  using yard = yardHome()
  const process = await runYard(yard.home, ['--once', '--job', 'chargpt', '--driver', 'process'])
  expect([process.code, process.stderr]).toEqual([
    1,
    expect.stringMatching(/cannot be had with --driver process/),
  ])
  const cheat = await runYard(yard.home, ['--once', '--job', 'chargpt', '--cheat', 'skip-steps'])
  expect([cheat.code, cheat.stderr]).toEqual([1, expect.stringMatching(/no cheat for the job chargpt/)])
  const other = await runYard(yard.home, ['--once', '--job', 'magic'])
  expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/digits, chargpt/)])
})
