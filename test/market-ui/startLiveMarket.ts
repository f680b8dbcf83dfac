import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { readSeatCount } from '@trainyard/contracts/readSeatCount.ts'
import { parseEther } from 'ethers'
import { stringify } from 'smol-toml'
import { type ClientProcess, startClient } from '../client/rig/startClient.ts'
import { createLightKeystore } from '../helpers/createLightKeystore.ts'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

const BLOCK_MS = 250
const root = join(import.meta.dirname, '../..')

/** A whole market: chain with blocks that come, server with pages, real sellers' daemons, a real auditor. */
export type LiveMarket = {
  readonly net: Devnet
  readonly server: TestServer
  readonly daemon: ClientProcess
  /** All of them; `daemon` is the first. */
  readonly daemons: readonly ClientProcess[]
  stop: () => Promise<void>
}

type Options = {
  /** How many, each with one machine; one unless said. */
  readonly sellers?: number
  readonly proofModes?: readonly string[]
  readonly parameters?: Partial<ParameterFacts>
}

export const startLiveMarket = async (
  webDir: string,
  { sellers = 1, proofModes = ['bitwise'], parameters = {} }: Options = {},
): Promise<LiveMarket> => {
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-live-'))
  const net = await startDevnet(parameters)
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
    await net.fund(await createLightKeystore({ file: keystore, passwordFile }))
    return {
      keystore,
      passwordFile,
      rpc: net.rpcUrl,
      deployment,
      store: server.url,
      dataDir: join(home, 'data'),
    }
  }
  const auditor = await startAuditor(join(dir, 'auditor.json'), await party('auditor'))
  const seller = async (name: string) => {
    const config = join(dir, `${name}.toml`)
    await writeFile(
      config,
      stringify({
        ...(await party(name)),
        listen: '127.0.0.1:0',
        driver: 'process',
        pricePerHourWei: String(parseEther('36')),
        maxSeconds: 3600,
        bondWei: String(parseEther('100')),
        proofModes,
      }),
    )
    return startClient(config)
  }
  const daemons: ClientProcess[] = []
  for (let i = 0; i < sellers; i++) daemons.push(await seller(`seller${i}`))
  const reader = await net.account(8)
  await waitFor(
    () => readSeatCount(reader, hardwareClassOf('canonical')),
    (seats) => seats > 0n,
    60_000,
  )
  const stop = async () => {
    await Promise.all(daemons.map((daemon) => daemon.terminate()))
    auditor.kill('SIGTERM')
    await once(auditor, 'exit')
    clearInterval(ticker)
    await server.close()
    await net.stop()
    await rm(dir, { recursive: true, force: true })
  }
  return { net, server, daemon: daemons[0]!, daemons, stop }
}

const startAuditor = async (config: string, facts: Record<string, string>): Promise<ChildProcess> => {
  await writeFile(config, JSON.stringify({ ...facts, hardwareClass: 'canonical' }))
  const cli = join(root, 'verifier/src/cli.ts')
  return spawn(process.execPath, [cli, 'watch', '--config', config, '--json', '--parent-pipe'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
}
