import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { substrateChainFolder } from '../../../helpers/installSubstrateChain.ts'

/** Chains whose metadata @parity/product-sdk-descriptors carries, and what that says they are. */
export const assetHubs = [
  { name: 'polkadot', specName: 'statemint', specVersion: 2_001_001, chainId: 420_420_419, decimals: 10 },
  { name: 'kusama', specName: 'statemine', specVersion: 2_001_000, chainId: 420_420_418, decimals: 12 },
  {
    name: 'paseo',
    specName: 'next-asset-hub-paseo',
    specVersion: 2_000_011,
    chainId: 420_420_417,
    decimals: 10,
  },
] as const
export type AssetHub = (typeof assetHubs)[number]

/** The metadata of a live asset hub, as hex. */
export async function readMetadata({ name }: AssetHub): Promise<`0x${string}`> {
  const packageFolder = join(substrateChainFolder, 'node_modules/@parity/product-sdk-descriptors')
  const folder = join(packageFolder, `chains/${name}-asset-hub/generated/dist`)
  const file = readdirSync(folder).find((each) => /_metadata-.*\.js$/.test(each))
  if (!file) throw new Error(`no metadata in ${folder}`)
  const { default: base64 } = (await import(pathToFileURL(join(folder, file)).href)) as { default: string }
  return `0x${Buffer.from(base64, 'base64').toString('hex')}`
}
