import { formatUnits } from 'ethers'
import { type Html, html } from '../html.ts'
import type { Money, Movement } from '../readMoney.ts'

/** What was held and where it went; a bundle alone does not know. */
export function moneySection(money: Money | { unread: string } | null): Html {
  return html`<section aria-labelledby="money"><h2 id="money">Money</h2>${bodyOf(money)}</section>`
}

function bodyOf(money: Money | { unread: string } | null): Html {
  if (money === null)
    return html`<p>A bundle holds no amounts: the chain has them. Give <code>--rpc</code> to see what was paid, refunded, slashed and burned.</p>`
  if ('unread' in money) return html`<p>What was paid could not be read: ${money.unread}</p>`
  const row = ({ what, amountWei, account }: Movement) =>
    html`<tr><th scope="row">${what}</th><td class="number">${formatUnits(amountWei, money.decimals)} ${money.symbol}</td><td><code>${account ?? '–'}</code></td></tr>`
  const table = (caption: string, movements: readonly Movement[]) =>
    html`<div class="scroll" tabindex="0"><table><caption>${caption}</caption><thead><tr><th scope="col">Movement</th><th scope="col" class="number">Amount</th><th scope="col">Account</th></tr></thead><tbody>${movements.map(row)}</tbody></table></div>`
  return html`${table('Held', money.held)}${money.settled ? table('Settled', money.settled) : html`<p>The order is not settled yet.</p>`}`
}
