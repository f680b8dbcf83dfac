import { execFile } from 'node:child_process'
import { chown, cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, stringify } from 'smol-toml'
import { afterAll, beforeAll, expect } from 'vitest'
import { fetchBundle } from '../../../client/src/buyer/fetchBundle.ts'
import { readDaemonFile } from '../../../client/src/setup/daemonFile.ts'
import { dockerMissing, testUnless } from '../../helpers/docker.ts'
import { orderTinyJob, statusIs } from '../rig/orders.ts'
import { passAudit } from '../rig/passAudit.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { until } from '../rig/until.ts'

const run = promisify(execFile)
const service = join(import.meta.dirname, '../../../client/service')
const NAME = `trainyard-test-${process.pid}`
const IMAGE = `${NAME}-base`
/** A user that this machine knows nothing of, as the service's own would be. */
const USER = 12_345
const missing = dockerMissing ?? (process.getuid?.() === 0 ? undefined : 'only root can give files away')

let rig: Rig
beforeAll(async () => {
  if (missing !== undefined) return
  rig = await startRig()
})
afterAll(async () => {
  await run('docker', ['rm', '-f', NAME]).catch(() => undefined)
  await run('docker', ['rmi', '-f', IMAGE]).catch(() => undefined)
  await rig?.stop()
})

async function giveAway(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  for (const path of [folder, ...names.map((name) => join(folder, name))]) await chown(path, USER, USER)
}

testUnless(
  missing,
  'default: in a container beside Docker, the daemon runs an order to its settlement',
  async () => {
    const { config, home } = await rig.seller('boxed', { driver: 'docker' })
    const deployment = join(home, 'deployment.json')
    await cp(join(rig.dir, 'deployment.json'), deployment)
    await writeFile(config, stringify({ ...parse(await readFile(config, 'utf8')), deployment }))
    await giveAway(home)
    await run(join(service, 'base.sh'), [IMAGE])
    const env = { ...process.env, TRAINYARD_CONTAINER: NAME }
    await run(join(service, 'container.sh'), [home, IMAGE], { env })
    const logOf = async () => (await run('docker', ['logs', NAME])).stderr
    const daemon = await until(async () => {
      const file = await readDaemonFile(join(home, 'data'))
      return file && (await fetch(`${file.url}/health`)).ok ? file : undefined
    }).catch(async (error) => {
      throw new Error(`${error}: ${await logOf()}`)
    })
    const orderId = await orderTinyJob(rig, BigInt(daemon.machines[0]!.machineId))
    await statusIs(rig, orderId, 'Auditing').catch(async (error) => {
      throw new Error(`${error}: ${await logOf()}`)
    })
    await passAudit(rig, orderId)
    expect((await statusIs(rig, orderId, 'Completed')).paidWei).toBeGreaterThan(0n)
    const out = join(rig.dir, 'boxed-bundle')
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.verdict).toBe('valid')
  },
  240_000,
)
