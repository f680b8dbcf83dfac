import { Command, InvalidArgumentError } from 'commander'
import { relayOption } from '../beacon/relayOption.ts'
import { ArgumentInvalid } from '../errors.ts'
import { printVerdict } from '../printVerdict.ts'
import { pairText } from '../referee/readPair.ts'
import { replayerOption } from '../replayerOption.ts'
import type { Rim } from '../rim.ts'
import { nodeUrl, webUrl } from '../urlOption.ts'
import { DEVNET } from './devnet.ts'
import { OrderInvalid } from './errors.ts'
import { type OrderVerdict, verifyOrder } from './verifyOrder.ts'

type Options = {
  rpc: string
  deployment: string
  store: string
  keystore?: string
  passwordFile?: string
  out?: string
  replayer?: [string, ...string[]]
  relay?: string[]
  json?: true
}

/** `trainyard-verify order`: a settled order by its number, with nothing but the chain, the store and the seller. */
export function orderCommand(rim: Rim): Command {
  return new Command('order')
    .description('verify a settled order: find it on the chain, collect its bundle, replay all of it')
    .argument('<id>', "order's number", parseOrderId)
    .requiredOption('--rpc <url>', 'JSON-RPC address of the chain', nodeUrl)
    .option(
      '--deployment <file|address>',
      'deployment file, or the address of the Runtime',
      DEVNET.deployment,
    )
    .option('--store <url>', 'where jobs, data and evidence are read', webUrl, DEVNET.store)
    .option('--keystore <file>', 'encrypted account of a reader, for a private order')
    .option('--password-file <file>', 'its password')
    .option('--out <folder>', 'keep the bundle in this new folder')
    .addOption(replayerOption())
    .addOption(relayOption())
    .option('--json', 'print the verdict as JSON')
    .action(async (orderId: bigint, options: Options) => {
      const { keystore: file, passwordFile } = options
      if ((file === undefined) !== (passwordFile === undefined))
        throw new ArgumentInvalid('An account needs both --keystore and --password-file')
      const account = file !== undefined && passwordFile !== undefined ? { file, passwordFile } : undefined
      const verdict = await verifyOrder(orderId, { ...options, account }).catch((error: unknown) => {
        if (options.json) rim.say(JSON.stringify(undecidedOf(orderId, error)))
        throw error
      })
      rim.say(options.json ? JSON.stringify(verdict) : textOf(verdict))
      rim.exitWith(verdict.verdict)
    })
}

function parseOrderId(text: string): bigint {
  if (!/^\d{1,77}$/.test(text)) throw new InvalidArgumentError('must be the number of an order')
  return BigInt(text)
}

function undecidedOf(orderId: bigint, error: unknown) {
  const verdict = error instanceof OrderInvalid ? 'invalid' : 'undecided'
  const reason = error instanceof Error ? error.message : String(error)
  const suggestion = error instanceof Error && 'suggestion' in error ? String(error.suggestion) : null
  return { orderId: `${orderId}`, verdict, reason, suggestion, checks: [] }
}

function textOf(verdict: OrderVerdict): string {
  const { orderId, status, closeReason, trace, pair } = verdict
  const beside = pair ? ` It is ${pairText({ ...pair, twin: BigInt(pair.twin) })}.` : ''
  const source = {
    seller: 'Checkpoints and losses came from the seller.',
    recomputed: 'Checkpoints and losses were computed here: nothing was taken from the seller.',
  }[trace]
  return `order ${orderId}: ${status} (${closeReason}).${beside} ${source}\n\n${printVerdict(verdict)}`
}
