import { readBond } from '@trainyard/contracts/readBond.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { unbond } from '@trainyard/contracts/unbond.ts'
import { ClientError } from '../../errors.ts'
import { isDraining } from '../../setup/draining.ts'
import { confirmed } from '../confirmed.ts'
import { dateOf, parseAmount, type WithdrawRun } from './withdrawRun.ts'

/** Starts the delay after which a part of the bond, or all that stands for nothing, can be withdrawn. */
export async function startUnbonding(run: WithdrawRun, asked: string): Promise<void> {
  const { chain, account, options, rim, amount } = run
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
      { unbondingWei: wanted, withdrawableAt, txHash: hash },
      `${amount(wanted)} are free at ${dateOf(withdrawableAt)}; then run "trainyard withdraw".`,
    )
}

/** The daemon bonds again what the configuration asks for when it starts, unless it drains. */
async function requireThatItStaysFree({ config, amount }: WithdrawRun, leftWei: bigint): Promise<void> {
  if (leftWei >= config.bondWei || (await isDraining({ ...config, name: '' }))) return
  throw new ClientError(
    `The daemon would bond it again at its next start: bondWei is ${amount(config.bondWei)}.`,
    'Run "trainyard drain" first, or lower bondWei. No money moved.',
  )
}
