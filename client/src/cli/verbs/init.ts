import { type Command, Option } from 'commander'
import { configDir } from '../configFile.ts'
import { jsonOption, wholeNumber } from '../options.ts'
import type { Rim } from '../rim.ts'

export type InitOptions = {
  dir: string
  rpc?: string
  deployment?: string
  store?: string
  listen?: string
  publicEndpoint?: string
  region?: string
  driver?: 'docker' | 'process'
  price?: string
  priceWei?: string
  maxSeconds?: number
  bond?: string
  bondWei?: string
  keystore?: string
  passwordFile?: string
  yes?: true
  json?: true
}

/** `trainyard init`: a wizard for the seller's configuration and account; can be run again. */
export function addInit(program: Command, rim: Rim): void {
  program
    .command('init')
    .description("seller: write this machine's configuration and account, or change what is there")
    .option('--yes', 'ask nothing: take the options, and what stands there now')
    .option('--dir <dir>', 'where configuration and account are', configDir)
    .option('--rpc <url>', 'JSON-RPC address')
    .option('--deployment <file>', 'deployment of the contracts')
    .option('--store <url>', 'store for job, data and results')
    .option('--listen <host:port>', 'where the daemon listens')
    .option('--public-endpoint <url>', 'where others reach it, if elsewhere')
    .option('--region <place>', 'where it stands, for buyers to read')
    .addOption(new Option('--driver <name>', 'what runs the jobs').choices(['docker', 'process']))
    .option('--price <tokens>', 'price per hour')
    .option('--price-wei <wei>', 'the same in wei')
    .option('--max-seconds <seconds>', 'longest order', wholeNumber)
    .option('--bond <tokens>', 'bond to put up')
    .option('--bond-wei <wei>', 'the same in wei')
    .option('--keystore <file>', 'use this account instead of a new one')
    .option('--password-file <file>', 'its password')
    .addOption(jsonOption())
    .action(async (options: InitOptions) => {
      const { initCommand } = await import('../initCommand.ts')
      await initCommand(options, rim)
    })
}
