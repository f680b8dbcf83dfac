import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { withdraw } from '@trainyard/contracts/withdraw.ts'
import { withdrawUnbonded } from '@trainyard/contracts/withdrawUnbonded.ts'
import { getAddress, isAddress } from 'ethers'
import { ClientError } from '../../errors.ts'
import { confirmed } from '../confirmed.ts'
import { sendTokens } from '../sendTokens.ts'
import { dateOf, parseAmount, type WithdrawRun } from './withdrawRun.ts'

/** Pays out of the free balance, what has finished unbonding included, and sends it on if asked to. */
export async function payOut(run: WithdrawRun): Promise<void> {
  const { chain, account, options, rim, amount } = run
  const to = options.to === undefined ? account : parseAddress(options.to)
  const isOther = to !== account
  const { freeWei, unbondedWei, waiting } = await readAvailable(run)
  const inMarketWei = freeWei + unbondedWei
  const availableWei = inMarketWei + (isOther ? run.walletWei : 0n)
  const wanted = options.amount === 'all' ? availableWei : parseAmount(options.amount, run.decimals)
  if (wanted === 0n || wanted > availableWei) {
    throw new ClientError(
      `${amount(availableWei)} can be paid out now${waiting}.`,
      'What orders and bond hold comes free when they end; "trainyard withdraw --unbond all" frees the bond. No money moved.',
    )
  }
  await confirmed(rim, options, `Pay ${amount(wanted)} out to ${to}?`)
  const fromMarketWei = wanted < inMarketWei ? wanted : inMarketWei
  if (fromMarketWei > freeWei) await withdrawUnbonded(chain)
  const paid = fromMarketWei > 0n ? await withdraw(chain, { amountWei: fromMarketWei }) : undefined
  const sent = isOther ? await sendTokens(chain, to, wanted) : paid
  rim
    .say(options)
    .answer({ withdrawnWei: wanted, to, txHash: sent?.hash }, `${amount(wanted)} are in the wallet of ${to}.`)
}

async function readAvailable({ chain, account, amount }: WithdrawRun) {
  const [freeWei, { unbondingWei, withdrawableAt }, { timestamp }] = await Promise.all([
    readFree(chain, account),
    readBond(chain, account),
    readHead(chain),
  ])
  const nowSeconds = Math.max(timestamp, Math.floor(Date.now() / 1000))
  const isReady = unbondingWei > 0n && nowSeconds >= withdrawableAt
  const isWaiting = unbondingWei > 0n && !isReady
  return {
    freeWei,
    unbondedWei: isReady ? unbondingWei : 0n,
    waiting: isWaiting ? `; ${amount(unbondingWei)} more at ${dateOf(withdrawableAt)}` : '',
  }
}

function parseAddress(text: string): string {
  if (isAddress(text)) return getAddress(text)
  throw new ClientError(`"${text}" is no address.`, 'Give 0x and 40 hex digits. No money moved.')
}
