import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { type ChainContext, connect } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import type { Config } from '../config/config.ts'
import { type MachineConfig, machinesOf } from '../config/machinesOf.ts'
import { readConfig } from '../config/readConfig.ts'
import { ClientError } from '../errors.ts'
import { readDeployment } from '../readDeployment.ts'
import { type DaemonFile, readDaemonFile } from '../setup/daemonFile.ts'
import type { SellerOptions } from './options.ts'
import { readAddress } from './readAddress.ts'
import type { Rim } from './rim.ts'

export type SellerContext = {
  config: Config
  chain: ChainContext
  account: string
  /** The daemon that runs, or ran last, with this configuration. */
  daemon: DaemonFile | undefined
  /** What the configuration sells. */
  machines: SellerMachine[]
}

/** @property machineId if it is registered on this chain by this account */
export type SellerMachine = { config: MachineConfig; machineId: bigint | undefined }

/** Connects as the seller of a configuration; to sign, its keystore is opened, which takes half a second. */
export async function withSeller<T>(
  options: SellerOptions & { sign: boolean },
  rim: Rim,
  work: (seller: SellerContext) => Promise<T>,
): Promise<T> {
  const config = await readConfig(options.config, rim.env)
  const deployment = await readDeployment(config.deployment, config.chain)
  const { keystore: file, passwordFile } = config
  const signer = options.sign ? await readKeystore({ file, passwordFile }) : undefined
  const account = signer?.address ?? (await readAddress(config))
  const rpcUrl = [config.rpc, ...config.rpcFallbacks]
  const chain = await connect({ rpcUrl, deployment, ...(signer ? { signer } : {}) })
  try {
    const daemon = await readDaemonFile(config.dataDir)
    const machines = await ownMachines(chain, account, config, daemon)
    return await work({ config, chain, account, daemon, machines })
  } finally {
    chain.runner.provider?.destroy()
  }
}

/** A chain that was started over gives the same numbers to other machines. */
export async function ownMachines(
  chain: ChainContext,
  account: string,
  config: Config,
  daemon: DaemonFile | undefined,
): Promise<SellerMachine[]> {
  return Promise.all(
    machinesOf(config).map(async (machine) => {
      const known = daemon?.machines.find(({ name }) => name === machine.name)
      if (!known) return { config: machine, machineId: undefined }
      const machineId = BigInt(known.machineId)
      const { owner } = await readMachine(chain, machineId)
      return { config: machine, machineId: owner === account ? machineId : undefined }
    }),
  )
}

/** The machines that a command is for: all, or the one that is named. Throws ClientError if there is no such one. */
export function namedMachines(machines: SellerMachine[], name: string | undefined): SellerMachine[] {
  if (name === undefined) return machines
  const found = machines.filter(({ config }) => config.name === name)
  if (found.length > 0) return found
  const names = machines.map(({ config }) => config.name).filter((known) => known !== '')
  throw new ClientError(
    `No machine is named "${name}".`,
    names.length > 0
      ? `There are: ${names.join(', ')}.`
      : 'The host is sold as one machine: leave --machine out.',
  )
}
