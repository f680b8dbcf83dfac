import { findings } from '@trainyard/contracts/findings.ts'
import type { Ballot } from '@trainyard/contracts/resolve.ts'
import { signBallot } from '@trainyard/contracts/signBallot.ts'
import { BallotBoard } from '@trainyard/market-ui/verdicts/BallotBoard.ts'
import { type BallotNote, ballotNoteSchema, ballotNotesSchema } from '@trainyard/verifier/ballotNote.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getDispute } from './getJson.ts'
import {
  auditedOrder,
  ballotsOf,
  challengeSegment,
  decide,
  drawScenesJury,
  unhurried,
} from './sceneDispute.ts'
import { type Scene, startScene } from './startScene.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

const [a, b] = [`0x${'aa'.repeat(20)}`, `0x${'bB'.repeat(20)}`] as const
/** As the schema returns them: its fields are hex, which a plain string is not known to be. */
const note = (juror: string, found: string = findings.valid): BallotNote =>
  ballotNoteSchema.parse({ round: 0, juror, found, signature: `0x${'02'.repeat(65)}` })

describe('ballot board', () => {
  test('default: votes in the order of the jury, however they came', () => {
    const board = new BallotBoard()
    board.put(1, note(b.toLowerCase()))
    expect(board.notesOf(1, 0, [a, b])).toEqual([note(b.toLowerCase())])
    board.put(1, note(a))
    expect(board.notesOf(1, 0, [a, b])).toEqual([note(a), note(b.toLowerCase())])
  })

  test("behavior: a juror's first vote stands", () => {
    const board = new BallotBoard()
    board.put(1, note(a))
    board.put(1, note(a, findings.fault))
    expect(board.notesOf(1, 0, [a])).toEqual([note(a)])
  })

  test('behavior: disputes and rounds do not mix, nor do jurors of another jury', () => {
    const board = new BallotBoard()
    board.put(1, note(a))
    expect([board.notesOf(2, 0, [a]), board.notesOf(1, 1, [a]), board.notesOf(1, 0, [b])]).toEqual([
      [],
      [],
      [],
    ])
  })

  test('behavior: the oldest juries go first', () => {
    const board = new BallotBoard()
    for (let disputeId = 1; disputeId <= 1_001; disputeId++) board.put(disputeId, note(a))
    expect(board.notesOf(1, 0, [a])).toEqual([])
    expect(board.notesOf(2, 0, [a])).toEqual([note(a)])
  })
})

describe('ballots over HTTP', () => {
  let scene: Scene
  let server: TestServer
  let disputeId: bigint
  let jury: readonly string[]
  let votes: Ballot[]

  beforeAll(async () => {
    scene = await startScene('http://127.0.0.1:9', unhurried)
    server = await startTestServer({ rpc: scene.net.rpcUrl, deployment: scene.deploymentPath })
    disputeId = await challengeSegment(scene, await auditedOrder(scene), 4)
    jury = await drawScenesJury(scene, disputeId)
    votes = await ballotsOf(scene, jury, { disputeId, round: 0, found: findings.fault })
    await stageIs('Voting')
  }, 120_000)
  afterAll(async () => {
    await server?.close()
    await scene?.stop()
  })

  const stageIs = (wanted: string) =>
    waitFor(
      () => getDispute(server.url, disputeId),
      ({ stage }) => stage === wanted,
      60_000,
    )
  const post = async (body: unknown, id: unknown = disputeId): Promise<[number, unknown]> => {
    const answer = await fetch(`${server.url}/api/disputes/${id}/ballots`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return [answer.status, await answer.json()]
  }

  test('error: what a juror did not sign, or signed for another dispute, round or finding, is refused', async () => {
    const [vote] = votes
    const other = scene.auditors.find(({ address }) => address === jury[0])!
    const elsewhere = { disputeId: disputeId + 1n, round: 0, found: findings.fault }
    const forged = [
      { ...vote, round: 0, found: findings.valid },
      { ...vote, round: 0, juror: jury[1] },
      { ...vote, round: 0, signature: await signBallot(other, other.wallet, elsewhere) },
      { ...vote, round: 0, signature: `0x${'02'.repeat(65)}` },
    ]
    for (const body of forged) expect((await post(body))[0]).toBe(403)
  })

  test('error: who is not drawn, another round and another dispute are refused', async () => {
    const [vote] = votes
    const challenger = scene.auditors[0]!
    const said = { disputeId, round: 0, found: findings.fault }
    const signature = await signBallot(challenger, challenger.wallet, said)
    const juror = scene.auditors.find(({ address }) => address === jury[0])!
    const next = await signBallot(juror, juror.wallet, { ...said, round: 1 })
    expect((await post({ round: 0, juror: challenger.address, found: said.found, signature }))[0]).toBe(409)
    expect((await post({ ...vote, round: 1, signature: next }))[0]).toBe(409)
    expect((await post({ ...vote, round: 0 }, disputeId + 1n))[0]).toBe(409)
  })

  test('error: what is no vote, no number or too large is refused', async () => {
    const good = { ...votes[0], round: 0 }
    const bad = [{}, 'no json', { ...good, round: 2 }, { ...good, more: 1 }, { ...good, found: '0x1' }]
    for (const body of bad) expect((await post(body))[0]).toBe(400)
    for (const id of ['0', 'x', '1e3', '9'.repeat(30)]) expect((await post(good, id))[0]).toBe(400)
    expect((await post({ ...good, more: 'x'.repeat(5_000) }))[0]).toBe(413)
  })

  test('default: genuine votes are shown to the jury, the first of each, and decide the dispute', async () => {
    const [one, two] = votes.map((vote) => ({ ...vote, round: 0 }))
    expect(await post(one)).toEqual([200, { notes: [one] }])
    const [changed] = await ballotsOf(scene, jury.slice(0, 1), { disputeId, round: 0, found: findings.valid })
    expect(await post({ ...changed, round: 0 })).toEqual([200, { notes: [one] }])
    const [status, answer] = await post(two)
    expect([status, ballotNotesSchema.parse(answer).notes]).toEqual([200, [one, two]])

    await decide(scene, jury, { disputeId, round: 0, found: findings.fault })
    await stageIs('Closed')
    expect((await post(one))[0]).toBe(409) // nothing is left to vote on
  })
})
