import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import {
  type Evidence,
  evidenceBytes,
  signEvidence,
  statementOf,
  subjectOf,
} from '@trainyard/verifier/evidence.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { findDamage } from '../engine/checkpoints/findDamage.ts'
import { checkSeeds } from '../engine/checkSeeds.ts'
import type { OrderContext } from '../engine/context.ts'
import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'

const MAX_AMENDMENTS = 3 // as Windows takes

/**
 * Signs a window's leaves and journals them: whatever leaves this machine is what a restart will serve.
 * Leaves whose beacon is another one now are not signed: they would pass for fraud. Nor is a window signed while the
 * checkpoint that it begins with is not what the window before committed: that one is trained again first. An amendment gets
 * a number of its own, unless the window came out as it was committed.
 */
export async function signWindow(
  order: OrderContext,
  effect: { window: number; endSegment: number },
): Promise<Action> {
  const { journal, orderId } = order
  const { window, endSegment } = effect
  const state = order.state()
  if (!('plan' in state) || !state.plan || !('work' in state))
    throw new Error('No plan: nothing can be signed.')
  const { plan, work } = state
  const changed = await checkSeeds(order, window + 1)
  if (changed) return changed
  const first = window * plan.segmentsPerWindow
  if (state.phase === 'training' && work?.amending === undefined) {
    const damaged = await findDamage(order, first * plan.stepsPerSegment)
    if (damaged) return damaged
  }
  const leaves = journal.leavesOf(orderId, first, endSegment)
  const beacon = journal.seedsOf(orderId)[window]!.beacon as Hex
  const statement = { orderId, window, amendment: 0, beacon, leaves }
  if (work?.amending === window) await amend(order, statement)
  else await sign(order, statement)
  return { type: 'WindowSigned', window }
}

type Statement = Omit<Evidence, 'version' | 'signature'>

/** What stands on chain needs no new signature; anything else gets the next number, so that nothing is said twice. */
async function amend(order: OrderContext, statement: Statement): Promise<void> {
  const { chain, orderId, journal } = order
  const { window } = statement
  const committed = await readWindow(chain, BigInt(orderId), window)
  const { root, lastStateRoot } = statementOf(statement)
  if (committed?.root === root && committed.lastStateRoot === lastStateRoot) return
  const former = journal.fact<number>(amendmentOf(orderId, window)) ?? 0
  const amendment = Math.max(former, committed?.amendment ?? 0) + 1
  if (amendment > MAX_AMENDMENTS) {
    const what = `Window ${window} was amended ${MAX_AMENDMENTS} times, and is still another one.`
    throw new CannotContinue(what, 'Check the memory of this machine, and what runs on its GPU.')
  }
  journal.saveFact(amendmentOf(orderId, window), amendment)
  await sign(order, { ...statement, amendment })
}

const amendmentOf = (orderId: string, window: number) => `amendment:${orderId}:${window}`

async function sign(order: OrderContext, statement: Statement): Promise<void> {
  const { journal, orderId, signer, chain } = order
  const { window } = statement
  refuseToDiffer(order, statement)
  const { chainId, windows } = chain.deployment
  const bytes = evidenceBytes(await signEvidence(signer, { chainId, windows }, statement))
  journal.saveEvidence(orderId, window, (await addBytes(bytes)).cid, bytes)
}

/** Two different statements on one subject would pass for fraud: rather give the order up. */
function refuseToDiffer({ journal, orderId }: OrderContext, statement: Statement): void {
  const { window, amendment } = statement
  const said = { ...subjectOf(statement), ...statementOf(statement) }
  const name = `said:${orderId}:${window}:${amendment}`
  const former = journal.fact<typeof said>(name)
  const isOneSubject =
    former?.beacon === said.beacon &&
    former.stateBefore === said.stateBefore &&
    former.segments === said.segments
  if (isOneSubject && former.root !== said.root) {
    const what = `Window ${window} came out otherwise than it was signed.`
    throw new CannotContinue(what, 'Check the memory of this machine, and what runs on its GPU.')
  }
  journal.saveFact(name, said)
}
