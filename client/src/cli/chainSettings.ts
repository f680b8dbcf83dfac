import type { ChainKind } from '@trainyard/contracts/chainKinds.ts'
import { readConfig } from '../config/readConfig.ts'
import { fileIsThere } from '../engine/fileIsThere.ts'
import { usualConfigFile } from './configFile.ts'
import { DEVNET } from './devnet.ts'
import type { ChainOptions } from './options.ts'
import type { Rim } from './rim.ts'

export type ChainSettings = {
  rpc: string
  deployment: string
  store: string
  chain?: ChainKind
  /** none: those of the deployment */
  drandRelays: readonly string[]
}

/**
 * Where chain and store are: as given, else as in the configuration in its usual place, else those of the
 * devnet on this machine. An account is never taken from there.
 */
export async function chainSettings(
  options: ChainOptions & { store?: string; relay?: string[] },
  rim: Rim,
): Promise<ChainSettings> {
  const { rpc, deployment, store, chain, relay } = options
  const kind = chain === undefined ? {} : { chain }
  if (rpc !== undefined && deployment !== undefined && store !== undefined) {
    return { rpc, deployment, store, ...kind, drandRelays: relay ?? [] }
  }
  const file = rim.env.TRAINYARD_CONFIG || usualConfigFile
  const known = (await fileIsThere(file)) ? await readConfig(file, rim.env) : { ...DEVNET, drandRelays: [] }
  return {
    rpc: rpc ?? known.rpc,
    deployment: deployment ?? known.deployment,
    store: store ?? known.store,
    ...kind,
    drandRelays: relay ?? known.drandRelays,
  }
}
