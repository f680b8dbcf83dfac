import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { connect } from '@trainyard/contracts/context.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { Command } from 'commander'
import { formatUnits } from 'ethers'
import { ArgumentInvalid } from '../errors.ts'
import type { Rim } from '../rim.ts'
import { readConfig } from '../watch/config.ts'
import { type Leaving, leaveAuditing } from './leaveAuditing.ts'

type Options = { config: string; yes?: true; json?: true }

/** `trainyard-verify leave`: an auditor gives its seat up and takes its money out, step by step. */
export function leaveCommand(rim: Rim): Command {
  return new Command('leave')
    .description('auditor: give the seat up, free its stake and take the money out, as far as it goes now')
    .requiredOption('--config <file>', 'the configuration of watch')
    .option('--yes', 'do it: all of the account’s bond that stands for nothing is freed, too')
    .option('--json', 'print what was done as JSON')
    .action(async ({ config: file, yes, json }: Options) => {
      if (!yes)
        throw new ArgumentInvalid(
          'Leaving frees all of the account’s bond that stands for nothing and pays all of it out: --yes is needed',
        )
      const config = await readConfig(file)
      const keystore = await readKeystore({ file: config.keystore, passwordFile: config.passwordFile })
      const context = await connect({ rpcUrl: config.rpc, deployment: config.deployment, signer: keystore })
      try {
        const account = await signerOf(context).getAddress()
        const { symbol, decimals } = await readToken(context, account)
        const hardwareClass = hardwareClassOf(config.hardwareClass)
        const left = await leaveAuditing(context, { account, hardwareClass })
        const amount = (wei: bigint) => `${formatUnits(wei, decimals)} ${symbol}`
        rim.say(json ? JSON.stringify({ account, ...left }, plain) : textOf(left, account, amount))
        rim.exitWith('valid')
      } finally {
        context.runner.provider?.destroy()
      }
    })
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}

function textOf(left: Leaving, account: string, amount: (wei: bigint) => string): string {
  const { leftSeat, unbondedWei, withdrawnWei, reservedWei, nextAt } = left
  const lines = [
    leftSeat && `${account} has left its seat: it is drawn no more. Audits that it is in go on.`,
    unbondedWei > 0n && `${amount(unbondedWei)} of the bond are being freed.`,
    withdrawnWei > 0n && `${amount(withdrawnWei)} are paid out to the wallet.`,
    reservedWei > 0n && `${amount(reservedWei)} are still reserved.`,
    nextAt === null
      ? `Nothing else of ${account} can be taken out.`
      : `Run this again at ${new Date(nextAt * 1000).toISOString()} for the next step.`,
  ]
  return lines.filter((line) => line !== false).join('\n')
}
