import { type ChainKind, chainKinds } from '@trainyard/contracts/chainKinds.ts'
import { nodeUrl, webUrl } from '@trainyard/verifier/urlOption.ts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { usualConfigFile } from './configFile.ts'
import { DEVNET } from './devnet.ts'

/** What commands on the chain take; what is not given comes from the configuration, else from the devnet. */
export type ChainOptions = {
  rpc?: string
  deployment?: string
  chain?: ChainKind
  keystore?: string
  passwordFile?: string
  json?: true
}

export type SellerOptions = { config: string; json?: true }

/** Adds --rpc, --deployment, the account's files and --json. */
export function addChainOptions(command: Command): Command {
  return command
    .addOption(
      fromEnv(
        '--rpc <url>',
        `JSON-RPC address (else the configuration's, else ${DEVNET.rpc})`,
        'TRAINYARD_RPC',
      ).argParser(nodeUrl),
    )
    .addOption(
      fromEnv('--deployment <file>', 'deployment of the contracts (likewise)', 'TRAINYARD_DEPLOYMENT'),
    )
    .addOption(chainOption())
    .addOption(fromEnv('--keystore <file>', 'encrypted account', 'TRAINYARD_KEYSTORE'))
    .addOption(fromEnv('--password-file <file>', 'its password', 'TRAINYARD_PASSWORD_FILE'))
    .addOption(jsonOption())
}

/** --chain, for those who want to be sure: the deployment's record says it, too. */
export function chainOption(): Option {
  return fromEnv(
    '--chain <kind>',
    'refuse a deployment for another kind of chain',
    'TRAINYARD_CHAIN',
  ).choices(chainKinds)
}

/** --store, for commands that move content. */
export function storeOption(): Option {
  return fromEnv(
    '--store <url>',
    `store (else the configuration's, else ${DEVNET.store})`,
    'TRAINYARD_STORE',
  ).argParser(webUrl)
}

/** Adds --config and --json. */
export function addSellerOptions(command: Command): Command {
  return command.addOption(configOption()).addOption(jsonOption())
}

export function configOption(): Option {
  return fromEnv('--config <file>', 'configuration', 'TRAINYARD_CONFIG').default(usualConfigFile)
}

/** For daemons with several machines. */
export function machineOption(): Option {
  return new Option('--machine <name>', 'only the machine of this name in the configuration')
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON object')
}

export function yesOption(): Option {
  return new Option('--yes', 'do not ask')
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('must be a whole number')
  return Number(text)
}

export function orderNumber(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError('must be the number of an order')
  return BigInt(text)
}

export function machineNumber(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError('must be the number of a machine')
  return BigInt(text)
}

function fromEnv(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(variable)
}
