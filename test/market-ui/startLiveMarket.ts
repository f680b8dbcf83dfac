import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeystore } from '@trainyard/contracts/accounts/createKeystore.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readSeatCount } from '@trainyard/contracts/readSeatCount.ts'
import { parseEther } from 'ethers'
import { stringify } from 'smol-toml'
import { type ClientProcess, startClient } from '../client/rig/startClient.ts'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

const BLOCK_MS = 250
const root = join(import.meta.dirname, '../..')

/** A whole market: chain with blocks that come, server with pages, a real seller's daemon, a real auditor. */
export type LiveMarket = {
  readonly net: Devnet
  readonly server: TestServer
  readonly daemon: ClientProcess
  stop: () => Promise<void>
}

export const startLiveMarket = async (webDir: string): Promise<LiveMarket> => {
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-live-'))
  const net = await startDevnet()
  const ticker = setInterval(() => void net.mine().catch(() => undefined), BLOCK_MS)
  const deployment = join(dir, 'deployment.json')
  await writeFile(deployment, JSON.stringify(net.deployment))
  const server = await startTestServer({
    rpc: net.rpcUrl,
    deployment,
    webDir,
    samplesDir: join(root, 'yard/samples'),
    allowPrivateEndpoints: true,
  })
  const party = async (name: string) => {
    const home = join(dir, name)
    await mkdir(home)
    const [keystore, passwordFile] = [join(home, 'keystore.json'), join(home, 'password')]
    await writeFile(passwordFile, 'correct horse\n', { mode: 0o600 })
    await net.fund(await createKeystore({ file: keystore, passwordFile }))
    return {
      keystore,
      passwordFile,
      rpc: net.rpcUrl,
      deployment,
      store: server.url,
      dataDir: join(home, 'data'),
    }
  }
  const [sellerFacts, auditorFacts] = await Promise.all([party('seller'), party('auditor')])
  const auditor = await startAuditor(join(dir, 'auditor.json'), auditorFacts)
  const sellerConfig = join(dir, 'seller.toml')
  await writeFile(
    sellerConfig,
    stringify({
      ...sellerFacts,
      listen: '127.0.0.1:0',
      driver: 'process',
      pricePerHourWei: String(parseEther('36')),
      maxSeconds: 3600,
      bondWei: String(parseEther('100')),
    }),
  )
  const daemon = await startClient(sellerConfig)
  const reader = await net.account(8)
  await waitFor(
    () => readSeatCount(reader, hardwareClassOf('canonical')),
    (seats) => seats > 0n,
    60_000,
  )
  const stop = async () => {
    await daemon.terminate()
    auditor.kill('SIGTERM')
    await once(auditor, 'exit')
    clearInterval(ticker)
    await server.close()
    await net.stop()
    await rm(dir, { recursive: true, force: true })
  }
  return { net, server, daemon, stop }
}

const startAuditor = async (config: string, facts: Record<string, string>): Promise<ChildProcess> => {
  await writeFile(config, JSON.stringify({ ...facts, hardwareClass: 'canonical' }))
  const cli = join(root, 'verifier/src/cli.ts')
  return spawn(process.execPath, [cli, 'watch', '--config', config, '--json', '--parent-pipe'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
}
