import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { startTestServer } from '../../market-ui/startTestServer.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore } from './testStore.ts'

/** A chain whose blocks go on by themselves, a store, a seller, and auditors that run. */
export type Scene = {
  readonly net: Devnet
  readonly storeUrl: string
  readonly seller: TestSeller
  /** what is added to them ends with the scene, too */
  readonly auditors: TestAuditor[]
  stop: () => Promise<void>
}

/**
 * Starts a scene; what was started before something fails is stopped.
 * @param options.board the store is the market server, where auditors and jurors meet; else one in memory, without a board
 */
export async function startScene(options: {
  parameters: Partial<ParameterFacts>
  auditors: number
  tickMs: number
  board: boolean
  hardwareClass?: string
  replayer?: readonly string[]
}): Promise<Scene> {
  const { hardwareClass = 'canonical', replayer } = options
  const ends: (() => unknown)[] = []
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const net = await startDevnet(options.parameters)
    ends.push(net.stop)
    const store = await (options.board ? startBoard(net, ends) : startTestStore())
    ends.push(store.close)
    const seller = await startTestSeller(net, { withheld: new Set(), ...store }, undefined, hardwareClass)
    ends.push(seller.close)
    const auditors = await Promise.all(
      Array.from({ length: options.auditors }, () =>
        createTestAuditor(net, store.url, { hardwareClass, ...(replayer && { replayer }) }),
      ),
    )
    ends.push(() => Promise.all(auditors.map((auditor) => auditor.dispose())))
    await Promise.all(auditors.map((auditor) => auditor.start()))
    const ticker = setInterval(() => void net.mine().catch(() => undefined), options.tickMs)
    ends.push(() => clearInterval(ticker))
    return { net, storeUrl: store.url, seller, auditors, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startBoard(net: Devnet, ends: (() => unknown)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-scene-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  const deployment = join(folder, 'deployment.json')
  writeFileSync(deployment, JSON.stringify(net.deployment))
  return startTestServer({ rpc: net.rpcUrl, deployment })
}
