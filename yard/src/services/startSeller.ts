import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import type { KeyFiles } from '../devnet/accounts.ts'
import { repositoryRoot, type YardPaths } from '../paths.ts'
import { superviseChild } from '../processes/superviseChild.ts'
import type { Sample } from '../sample/openSample.ts'
import type { ServiceContext } from './serviceContext.ts'

export const SELLER_BOND_WEI = parseEther('100')
const PRICE_PER_HOUR_WEI = parseEther('36') // one hundredth of a token a second
const MAX_SECONDS = 3_600

/** The seller's daemon on this machine, honest or with a cheat. */
export async function startSeller(
  service: ServiceContext,
  paths: YardPaths,
  facts: {
    keys: KeyFiles
    store: string
    driver: 'docker' | 'process'
    cheat: string | undefined
    sample: Sample
    score: 'on' | 'off'
  },
) {
  const { sellerDir, hardwareClass, images } = facts.sample
  mkdirSync(sellerDir, { recursive: true })
  const config = join(sellerDir, 'config.toml')
  const settings = {
    rpc: service.rpcUrl,
    deployment: paths.deployment,
    ...facts.keys,
    dataDir: join(sellerDir, 'data'),
    listen: '127.0.0.1:0',
    store: facts.store,
    driver: facts.driver,
    pricePerHourWei: String(PRICE_PER_HOUR_WEI),
    maxSeconds: MAX_SECONDS,
    bondWei: String(SELLER_BOND_WEI),
    hardwareClass,
    images,
    proofModes: ['none', 'bitwise', 'refereed', 'tolerance'],
    // Made from this repository: the project's own.
    vouchedImages: images,
    score: facts.score,
  }
  // A TOML string may be written as a JSON string.
  const toml = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
  writeFileSync(config, toml.join(''))
  const honest = { script: join(repositoryRoot, 'client', 'src', 'cli.ts'), args: ['start'] }
  const cheating = {
    script: join(repositoryRoot, 'yard', 'src', 'cheats', 'cli.ts'),
    args: [facts.cheat ?? ''],
  }
  const { script, args } = facts.cheat ? cheating : honest
  return superviseChild(
    {
      name: 'seller',
      script,
      args: [...args, '--config', config, '--parent-pipe'],
      logFile: join(paths.logs, 'seller.log'),
    },
    service.onEvent,
    service.onDead,
  )
}
