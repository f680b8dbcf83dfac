import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { unbond } from '@trainyard/contracts/unbond.ts'
import { withdraw } from '@trainyard/contracts/withdraw.ts'
import { withdrawUnbonded } from '@trainyard/contracts/withdrawUnbonded.ts'
import { formatUnits, parseUnits } from 'ethers'
import { ClientError } from '../errors.ts'
import { isDraining } from '../setup/draining.ts'
import { confirmed } from './confirmed.ts'
import type { Rim } from './rim.ts'
import type { WithdrawOptions } from './verbs/withdraw.ts'
import { type SellerContext, withSeller } from './withSeller.ts'

/**
 * Pays out what is free, unbonded money whose delay is over included; or starts that delay. Throws ClientError
 * before anything is sent if there is less than was asked for.
 */
export async function withdrawCommand(options: WithdrawOptions, rim: Rim): Promise<void> {
  await withSeller({ ...options, sign: true }, rim, async (seller) => {
    const token = await readToken(seller.chain, seller.account)
    const amount = (wei: bigint) => `${formatUnits(wei, token.decimals)} ${token.symbol}`
    const run = { ...seller, options, rim, amount, decimals: token.decimals }
    return options.unbond === undefined ? payOut(run) : startUnbonding(run, options.unbond)
  })
}

type Run = SellerContext & {
  options: WithdrawOptions
  rim: Rim
  amount: (wei: bigint) => string
  decimals: number
}

async function payOut(run: Run): Promise<void> {
  const { chain, account, options, rim, amount } = run
  const [freeWei, { unbondingWei, withdrawableAt }, { timestamp }] = await Promise.all([
    readFree(chain, account),
    readBond(chain, account),
    readHead(chain),
  ])
  const isReady = unbondingWei > 0n && Math.max(timestamp, Math.floor(Date.now() / 1000)) >= withdrawableAt
  const availableWei = freeWei + (isReady ? unbondingWei : 0n)
  const wanted = options.amount === 'all' ? availableWei : parseAmount(options.amount, run.decimals)
  if (wanted === 0n || wanted > availableWei) {
    const waiting =
      unbondingWei > 0n && !isReady ? `; ${amount(unbondingWei)} more at ${dateOf(withdrawableAt)}` : ''
    throw new ClientError(
      `${amount(availableWei)} can be paid out now${waiting}.`,
      'What orders and bond hold comes free when they end; "trainyard withdraw --unbond all" frees the bond. No money moved.',
    )
  }
  await confirmed(rim, options, `Pay ${amount(wanted)} out to ${account}?`)
  if (isReady && wanted > freeWei) await withdrawUnbonded(chain)
  const { hash } = await withdraw(chain, { amountWei: wanted })
  rim
    .say(options)
    .answer(
      { withdrawnWei: wanted, to: account, txHash: hash },
      `${amount(wanted)} are in the wallet of ${account}.`,
    )
}

async function startUnbonding(run: Run, asked: string): Promise<void> {
  const { chain, account, config, options, rim, amount } = run
  const [{ activeWei, reservedWei }, { unbondingSeconds }] = await Promise.all([
    readBond(chain, account),
    readParameters(chain),
  ])
  const possibleWei = activeWei - reservedWei
  const wanted = asked === 'all' ? possibleWei : parseAmount(asked, run.decimals)
  if (wanted === 0n || wanted > possibleWei) {
    throw new ClientError(
      `${amount(possibleWei)} of the bond can be freed: ${amount(reservedWei)} stand for open orders or a seat.`,
      'Let them end first ("trainyard drain --wait"). No money moved.',
    )
  }
  await requireThatItStaysFree(run, activeWei - wanted)
  const question = `Free ${amount(wanted)} of the bond? It takes ${unbondingSeconds} s, and asking again starts them over.`
  await confirmed(rim, options, question)
  const { hash } = await unbond(chain, { amountWei: wanted })
  const { withdrawableAt } = await readBond(chain, account)
  rim
    .say(options)
    .answer(
      { unbondingWei: wanted, withdrawableAt, txHash: hash, bondWei: config.bondWei },
      `${amount(wanted)} are free at ${dateOf(withdrawableAt)}; then run "trainyard withdraw".`,
    )
}

/** The daemon bonds again what the configuration asks for when it starts, unless it drains. */
async function requireThatItStaysFree({ config, amount }: Run, leftWei: bigint): Promise<void> {
  if (leftWei >= config.bondWei || (await isDraining(config.dataDir))) return
  throw new ClientError(
    `The daemon would bond it again at its next start: bondWei is ${amount(config.bondWei)}.`,
    'Run "trainyard drain" first, or lower bondWei. No money moved.',
  )
}

function parseAmount(text: string, decimals: number): bigint {
  try {
    const wei = parseUnits(text, decimals)
    if (wei > 0n) return wei
  } catch {
    // told below
  }
  throw new ClientError(`"${text}" is no amount.`, 'Give one such as 12.5, or all. No money moved.')
}

function dateOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString()
}
