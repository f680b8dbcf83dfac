import { ballotCommitment } from '@trainyard/contracts/ballotCommitment.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { findings } from '@trainyard/contracts/findings.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { sealBallots } from '@trainyard/contracts/sealBallots.ts'
import { signBallot } from '@trainyard/contracts/signBallot.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { ballotNotesSchema } from '@trainyard/verifier/ballotNote.ts'
import { postNote } from '@trainyard/verifier/watch/postNote.ts'
import { id } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../client/rig/until.ts'
import type { Devnet } from '../../helpers/devnet.ts'
import { type Scene, startScene } from './startScene.ts'

const TICK_MS = 1_000
const REVEAL_SECONDS = 1_200
const WRONG_SEGMENT = 2
const hardwareClass = hardwareClassOf('canonical')
vi.setConfig({ testTimeout: 300_000 })

let scene: Scene
let liar: Awaited<ReturnType<Devnet['account']>>

beforeAll(async () => {
  const parameters = { commitSeconds: 600, revealSeconds: REVEAL_SECONDS, panelSize: 1 }
  scene = await startScene({ parameters, auditors: 4, tickMs: TICK_MS, board: true })
  liar = await scene.net.account(5)
  const { seatStakeWei } = devnetParameters
  await deposit(liar, { amountWei: seatStakeWei })
  await bond(liar, { amountWei: seatStakeWei })
  await takeSeat(liar, { hardwareClass })
}, 120_000)
afterAll(() => scene?.stop())

/** Orders until what is wrong is drawn, and the liar is not the one that audits: nobody would challenge. */
async function faked(): Promise<bigint> {
  for (;;) {
    const { orderId } = await scene.seller.runOrder({
      state: (segment, state) => {
        if (segment === WRONG_SEGMENT) state.params[0]![5]! += 1e-6
      },
    })
    const { panel, segments } = await until(async () => {
      const draw = await readDraw(liar, orderId)
      return draw.ready ? draw : undefined
    })
    if (segments.includes(WRONG_SEGMENT) && !panel.includes(liar.address)) return orderId
  }
}

/** Tells the jury one vote and binds itself on chain to another. */
async function voteTwice(disputeId: bigint, round: number): Promise<void> {
  const juror = liar.address
  const vote = { found: findings.valid, othersHold: true, work: id('none'), salt: id('told') }
  const commitment = ballotCommitment({ disputeId, round, juror, ...vote })
  const signature = await signBallot(liar, liar.wallet, { disputeId, round, commitment })
  const url = `${scene.storeUrl}/api/disputes/${disputeId}/ballots`
  // The market server hears of the jury a moment later.
  await until(
    async () => (await postNote(url, { round, juror, commitment, signature }, ballotNotesSchema)) ?? true,
  )
  const other = ballotCommitment({ disputeId, round, juror, ...vote, salt: id('sealed') })
  await sealBallots(liar, { disputeId, ballots: [{ juror, commitment: other, signature: '0x' }] })
}

test('behavior: jurors that wait in vain for one seal their votes, show that it signed two, and convict without it', async () => {
  const orderId = await faked()
  const challenged = scene.auditors.map((auditor) =>
    auditor.until('challenged', ({ event, orderId: of }) => event === 'challenged' && of === String(orderId)),
  )
  const disputeId = BigInt((await Promise.any(challenged)).disputeId!)
  for (const other of challenged) other.catch(() => {})
  await scene.net.advance(REVEAL_SECONDS / 4) // nobody answers for the seller
  const { jury, round } = await until(async () => {
    const dispute = await readDispute(liar, disputeId)
    return dispute.stage === 'Voting' ? dispute : undefined
  })
  expect(jury).toContain(liar.address)
  expect(jury).toHaveLength(4)
  await voteTwice(disputeId, round)
  const jurors = scene.auditors.filter(({ address }) => jury.includes(address))
  await until(async () => {
    const { sealDeadline } = await readDispute(liar, disputeId)
    const { timestamp } = await readHead(liar)
    const leftSeconds = sealDeadline - timestamp
    if (leftSeconds > REVEAL_SECONDS / 10) await scene.net.advance(leftSeconds - REVEAL_SECONDS / 10)
    return (await hasSeat(liar, hardwareClass, liar.address)) ? undefined : true
  }, 120_000)
  const eventsOf = async (name: string) => {
    const events = await readEvents(
      liar,
      scene.net.deployment.deployedBlock,
      (await readHead(liar)).blockNumber,
    )
    return events.filter((event) => event.name === name)
  }
  const sealed = async () =>
    (await eventsOf('BallotSealed')).map(({ args }) => (args as { juror: string }).juror)
  await until(async () => ((await sealed()).length === 4 ? true : undefined), 60_000)
  expect(new Set(await sealed())).toEqual(new Set(jury))
  await scene.net.advance(REVEAL_SECONDS / 10)
  await until(async () => ((await readOrder(liar, orderId)).settledAt === 0 ? undefined : true), 120_000)
  const { status, closeReason } = await readOrder(liar, orderId)
  // One segment alone is wrong: a fault.
  expect([status, closeReasonName(closeReason)]).toEqual(['Failed', 'FAULT_PROVED'])
  for (const { address } of jurors) expect(await hasSeat(liar, hardwareClass, address)).toBe(true)
})
