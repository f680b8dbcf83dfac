import { Command, InvalidArgumentError } from 'commander'
import { formatEther } from 'ethers'
import { relayOption } from '../beacon/relayOption.ts'
import { DEVNET } from '../order/devnet.ts'
import { replayerOption } from '../replayerOption.ts'
import type { Rim } from '../rim.ts'
import { nodeUrl, webUrl } from '../urlOption.ts'
import { type DisputeOptions, type DisputeOutcome, disputeSegment } from './disputeSegment.ts'

type Options = Omit<DisputeOptions, 'account' | 'send' | 'unserved'> & {
  segment: number
  keystore: string
  passwordFile: string
  yes?: true
  unserved?: true
  json?: true
}

const EXITS = {
  valid: 'valid',
  challenged: 'invalid',
  'would-challenge': 'invalid',
  undecided: 'undecided',
} as const

/** `trainyard-verify dispute`: challenges one segment of an order in audit by hand, after replaying it. */
export function disputeCommand(rim: Rim): Command {
  return new Command('dispute')
    .description('replay one segment of an order in audit and, with --yes, challenge it if it does not hold')
    .argument('<id>', "order's number", wholeNumber)
    .requiredOption('--segment <number>', 'segment, counted from 0', wholeNumber)
    .requiredOption('--rpc <url>', 'JSON-RPC address of the chain', nodeUrl)
    .requiredOption('--keystore <file>', 'encrypted account that challenges, and pays the bond')
    .requiredOption('--password-file <file>', 'its password')
    .option(
      '--deployment <file|address>',
      'deployment file, or the address of the Runtime',
      DEVNET.deployment,
    )
    .option('--store <url>', 'where jobs, data and evidence are read', webUrl, DEVNET.store)
    .addOption(replayerOption())
    .addOption(relayOption())
    .option(
      '--unserved',
      'challenge also where nothing could be replayed because the seller did not serve it',
    )
    .option('--yes', 'send the challenge; it costs its bond if a jury refutes it')
    .option('--json', 'print the outcome as JSON')
    .action(
      async (orderId: number, { segment, keystore, passwordFile, yes, unserved, json, ...rest }: Options) => {
        const account = { file: keystore, passwordFile }
        const args = { ...rest, account, send: yes === true, unserved: unserved === true }
        const outcome = await disputeSegment(BigInt(orderId), segment, args)
        rim.say(json ? JSON.stringify(outcome) : textOf(outcome))
        rim.exitWith(EXITS[outcome.word])
      },
    )
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number')
  return Number(text)
}

function textOf({ word, orderId, report, bondWei, disputeId, txHash }: DisputeOutcome): string {
  const about = `segment ${report.segment} of order ${orderId}`
  const bond = `${formatEther(bondWei)} tokens`
  switch (word) {
    case 'valid':
      return `${about} holds: nothing to challenge. No money moved.`
    case 'undecided':
      return `${about} was not served to this account (${report.reason}). No money moved. --unserved challenges that.`
    case 'would-challenge':
      return `${about} does not hold: ${report.reason}. No money moved. --yes challenges it, with a bond of ${bond}.`
    case 'challenged':
      return `challenged ${about}: ${report.reason}. Dispute ${disputeId}, bond ${bond}, transaction ${txHash}.`
  }
}
