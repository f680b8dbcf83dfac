import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bond } from '@trainyard/contracts/bond.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import type { DrandParameters } from '@trainyard/contracts/drandNetwork.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { parseEther } from 'ethers'
import { stringify } from 'smol-toml'
import { createLightKeystore } from '../../helpers/createLightKeystore.ts'
import { startDevnet } from '../../helpers/devnet.ts'
import { startTestServer } from '../../market-ui/startTestServer.ts'

const BLOCK_MS = 250

export type Rig = Awaited<ReturnType<typeof startRig>>

/** A chain that ticks, a store, a buyer, one auditor's seat and a funded seller's configuration. */
export async function startRig(parameters: Partial<ParameterFacts> = {}, beacon?: DrandParameters) {
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-client-'))
  const devnet = await startDevnet(parameters, {}, beacon)
  const market = await startTestServer()
  const buyer = await devnet.account(0)
  const auditor = await devnet.account(1)
  await deposit(auditor, { amountWei: parseEther('1000') })
  await bond(auditor, { amountWei: parseEther('1000') })
  await takeSeat(auditor, { hardwareClass: hardwareClassOf('canonical') })
  const deployment = join(dir, 'deployment.json')
  await writeFile(deployment, JSON.stringify(devnet.deployment))
  const ticker = setInterval(() => void devnet.mine().catch(() => undefined), BLOCK_MS)

  /** Writes a new seller's files; returns the path of its configuration. */
  const seller = async (name: string, changes: Record<string, unknown> = {}) => {
    const home = await mkdtemp(join(dir, `${name}-`)) // a test that runs again gets another one
    const passwordFile = join(home, 'password')
    await writeFile(passwordFile, 'correct horse\n', { mode: 0o600 })
    const keystore = join(home, 'keystore.json')
    const address = await createLightKeystore({ file: keystore, passwordFile })
    await devnet.fund(address)
    const settings = {
      rpc: devnet.rpcUrl,
      deployment,
      keystore,
      passwordFile,
      dataDir: join(home, 'data'),
      listen: '127.0.0.1:0',
      store: market.url,
      driver: 'process',
      pricePerHourWei: String(parseEther('36')),
      maxSeconds: 3600,
      bondWei: String(parseEther('100')),
      ...changes,
    }
    const config = join(home, 'config.toml')
    await writeFile(config, stringify(settings))
    return { config, address, home }
  }
  const stop = async () => {
    clearInterval(ticker)
    await market.close()
    await devnet.stop()
    await rm(dir, { recursive: true, force: true })
  }
  return { dir, devnet, market, buyer, auditor, seller, stop }
}
