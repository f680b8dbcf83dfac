import { connect } from '@trainyard/contracts/context.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import type { Config } from '../../config/config.ts'
import type { Environment } from '../../config/environment.ts'
import { machinesOf } from '../../config/machinesOf.ts'
import { readConfig } from '../../config/readConfig.ts'
import { readDeployment } from '../../readDeployment.ts'
import { readDaemonFile } from '../../setup/daemonFile.ts'
import { readAddress } from '../readAddress.ts'
import { ownMachines } from '../withSeller.ts'
import { type Check, check, failedCheck, guarded } from './check.ts'
import { checkChain } from './checkChain.ts'
import { checkClock } from './checkClock.ts'
import { checkDisk } from './checkDisk.ts'
import { checkDrand, drandAbout } from './checkDrand.ts'
import { checkDriver } from './checkDriver.ts'
import { checkEndpoint } from './checkEndpoint.ts'
import { checkFiles } from './checkFiles.ts'
import { checkGpu } from './checkGpu.ts'
import { checkMoney } from './checkMoney.ts'
import { checkNode } from './checkNode.ts'
import { checkStore } from './checkStore.ts'

const TIMEOUT_MS = 30_000
/** What is read from the chain, as people call it. */
const OF_THE_CHAIN = {
  gas: 'Coin for gas',
  bond: 'Bond',
  seats: 'Auditors',
  endpoint: 'Daemon answers at its endpoint',
} as const
const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin'

export type Diagnosis = {
  checks: Check[]
  /** Where programs were looked for, as in PATH. */
  searchPath: string
  config?: Config
  deployment?: Deployment
}

/** Looks at everything that a seller's daemon needs. Never throws: what cannot be looked at is a check too. */
export async function runDoctor(configFile: string, env: Environment): Promise<Diagnosis> {
  const node = checkNode(process.versions.node)
  const searchPath = env.PATH ?? SYSTEM_PATH
  const clock = guarded(clockAbout, TIMEOUT_MS, () => checkClock(searchPath))
  let config: Config
  try {
    config = await readConfig(configFile, env)
  } catch (error) {
    return { checks: [node, failedCheck(configAbout, error), ...(await clock)], searchPath }
  }
  const { dataDir, store } = config
  const onChain = lookAtChain(config)
  const groups = await Promise.all([
    clock,
    guarded(about('keystore', 'Keystore'), TIMEOUT_MS, () => checkFiles(config)),
    guarded(about('driver', 'Driver'), TIMEOUT_MS, () => checkDriver(config)),
    guarded(about('gpu', 'GPUs'), TIMEOUT_MS, () => checkGpu(searchPath, config)),
    guarded(about('disk', 'Free disk space'), TIMEOUT_MS, () => checkDisk(dataDir)),
    guarded(about('store', 'Store'), TIMEOUT_MS, () => checkStore(store)),
    onChain.then(({ checks }) => checks),
  ])
  const { deployment } = await onChain
  const passed = check(configAbout, { status: 'pass', actual: configFile })
  const checks = [node, passed, ...groups.flat()]
  return { checks, searchPath, config, ...(deployment ? { deployment } : {}) }
}

const configAbout = about('config', 'Configuration')
const clockAbout = about('clock-ntp', 'Clock is kept by NTP')

function about(id: string, title: string) {
  return { id, title, purpose: 'The daemon needs it.' }
}

/** Chain, then what is read from it; the latter is skipped if the former is not as it must be. */
async function lookAtChain(config: Config): Promise<{ checks: Check[]; deployment?: Deployment }> {
  let deployment: Deployment
  try {
    deployment = await readDeployment(config.deployment, config.chain)
  } catch (error) {
    return { checks: [failedCheck(about('deployment', 'Deployment'), error)] }
  }
  const addresses = [config.rpc, ...config.rpcFallbacks]
  const nodes = await Promise.all(
    addresses.map((rpc) =>
      guarded(about('chain-reachable', 'Node of the chain'), TIMEOUT_MS, () =>
        checkChain(rpc, deployment, Date.now()),
      ),
    ),
  )
  const node = nodes.flat()
  const isThere = ['chain-id', 'contracts'].every((id) =>
    node.some((one) => one.id === id && one.status === 'pass'),
  )
  if (!isThere) {
    const skipped = { status: 'skip', actual: 'the chain could not be read' } as const
    const left = Object.entries(OF_THE_CHAIN).map(([id, title]) => check(about(id, title), skipped))
    return { checks: [...node, ...left], deployment }
  }
  const rest = await guarded(about('market', 'Market'), TIMEOUT_MS, () => lookAtMarket(config, deployment))
  return { checks: [...node, ...rest], deployment }
}

async function lookAtMarket(config: Config, deployment: Deployment): Promise<Check[]> {
  const account = await readAddress(config)
  const chain = await connect({ rpcUrl: [config.rpc, ...config.rpcFallbacks], deployment })
  try {
    const relays = guarded(drandAbout(), TIMEOUT_MS, () => checkDrand(chain, config.drandRelays))
    const money = await checkMoney({ chain, account, machines: machinesOf(config), nowMs: Date.now() })
    const daemon = await readDaemonFile(config.dataDir)
    const machines = await ownMachines(chain, account, config, daemon)
    const machineId = machines.find((machine) => machine.machineId !== undefined)?.machineId
    const own = machineId === undefined ? undefined : await readMachine(chain, machineId)
    const endpoint = config.publicEndpoint ?? (own?.endpoint || daemon?.url || urlOf(config.listen))
    const facts = { endpoint, chainId: deployment.chainId, machineId, store: config.store }
    return [...money, ...(await relays), ...(await checkEndpoint(facts))]
  } finally {
    chain.runner.provider?.destroy()
  }
}

function urlOf({ host, port }: Config['listen']): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
