import { readDisputesOf } from '@trainyard/contracts/readDisputesOf.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { checkGrant, GrantRefused } from '@trainyard/verifier/grant.ts'
import type { OrderContext } from '../engine/context.ts'
import { Problem } from './Problem.ts'

/** Who asks: `name` is the account if the grant is good, else the address that asks. */
export type Caller = { name: string; isParty: boolean; refusal?: Problem }

/** New grants that are checked per second: each takes about a millisecond. */
const CHECKS_PER_SECOND = 50
const CHECKS_PER_ADDRESS = 20
const KNOWN_GRANTS = 512
const KNOWN_ORDERS = 512
const KNOWN_MS = 30_000
/** The panel, or a jury, may still be drawn. */
const PANEL_MS = 10_000

type Parties = { fixed: string[]; panel: string[]; panelAtMs: number }

/** Finds out whether a request comes from a party of an order: buyer, payer, seller, a drawn auditor or juror. */
export function createIdentifier(): (
  order: OrderContext,
  authorization: string | undefined,
  address: string,
) => Promise<Caller> {
  const grants = createGrantCheck()
  const parties = new Map<string, Parties>()
  return async (order, authorization, address) => {
    const account = grants(order, authorization, address)
    if (typeof account !== 'string') return { name: address, isParty: false, refusal: account }
    if (parties.size > KNOWN_ORDERS) parties.clear()
    const known = await partiesOf(order, parties).catch(() => parties.get(order.orderId))
    if (!known) return { name: address, isParty: false, refusal: unknownParties() }
    const isParty = [...known.fixed, ...known.panel].includes(account.toLowerCase())
    return isParty
      ? { name: account, isParty }
      : { name: address, isParty, refusal: notAParty(account, order) }
  }
}

/** The account of a good grant, or what is wrong with it. Good ones are remembered, new ones are rationed. */
function createGrantCheck() {
  const known = new Map<string, { account: string; untilMs: number }>()
  const checked = new Map<string, number>()
  let second = 0
  const mayCheck = (address: string) => {
    const now = Math.floor(performance.now() / 1000)
    if (now !== second) checked.clear()
    second = now
    const total = checked.get('') ?? 0
    const own = checked.get(address) ?? 0
    if (total >= CHECKS_PER_SECOND || own >= CHECKS_PER_ADDRESS) return false
    checked.set('', total + 1).set(address, own + 1)
    return true
  }
  return (order: OrderContext, header: string | undefined, address: string): string | Problem => {
    const key = `${order.orderId} ${header}`
    const former = known.get(key)
    if (former && performance.now() < former.untilMs) return former.account
    if (header !== undefined && !mayCheck(address)) {
      return new Problem(429, 'Too many grants', 'Too many new grants at once.', 'Use one grant for a while.')
    }
    try {
      const { chainId, market } = order.chain.deployment
      const account = checkGrant(header, {
        chainId,
        market,
        audience: order.seller,
        orderId: BigInt(order.orderId),
      })
      if (known.size >= KNOWN_GRANTS) known.delete(known.keys().next().value!)
      known.set(key, { account, untilMs: performance.now() + KNOWN_MS })
      return account
    } catch (error) {
      if (!(error instanceof GrantRefused)) throw error
      return new Problem(401, 'Grant refused', error.message, error.suggestion)
    }
  }
}

async function partiesOf(order: OrderContext, known: Map<string, Parties>): Promise<Parties> {
  const { chain, orderId } = order
  const id = BigInt(orderId)
  const former = known.get(orderId)
  if (former && performance.now() - former.panelAtMs < PANEL_MS) return former
  const lower = (accounts: readonly string[]) => accounts.map((account) => account.toLowerCase())
  const fixed = former?.fixed ?? lower(await readOrder(chain, id).then((o) => [o.buyer, o.payer, o.seller]))
  const jurors = (await readDisputesOf(chain, id)).flatMap(({ jury }) => [...jury])
  const panel = lower([...(await readDraw(chain, id)).panel, ...jurors])
  const parties = { fixed, panel, panelAtMs: performance.now() }
  known.set(orderId, parties)
  return parties
}

function unknownParties(): Problem {
  const what = 'Whose order this is cannot be read from the chain now.'
  return new Problem(503, 'Not available', what, 'Ask again later.')
}

function notAParty(account: string, order: OrderContext): Problem {
  return new Problem(
    403,
    'Not a reader of this order',
    `${account} is no party to order ${order.orderId} and not drawn to audit it.`,
    'Use the account of the buyer, the payer, the seller or a drawn auditor.',
  )
}
