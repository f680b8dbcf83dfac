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
  commitmentOf,
  decide,
  drawScenesJury,
  unhurried,
} from './sceneDispute.ts'
import { type Scene, startScene } from './startScene.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

const [a, b] = [`0x${'aa'.repeat(20)}`, `0x${'bB'.repeat(20)}`] as const
/** As the schema returns them: its fields are hex, which a plain string is not known to be. */
const note = (juror: string, commitment: string = findings.valid): BallotNote =>
  ballotNoteSchema.parse({ round: 0, juror, commitment, signature: `0x${'02'.repeat(65)}` })
const opened = (juror: string, commitment?: string): BallotNote => ({
  ...note(juror, commitment),
  opening: { found: word, othersHold: true, work: word, salt: word },
})
const word = `0x${'11'.repeat(32)}` as const

describe('ballot board', () => {
  test('default: votes in the order of the jury, however they came', () => {
    const board = new BallotBoard()
    board.put(1, [a, b], note(b.toLowerCase()))
    expect(board.notesOf(1, 0, [a, b])).toEqual([note(b.toLowerCase())])
    board.put(1, [a, b], note(a))
    expect(board.notesOf(1, 0, [a, b])).toEqual([note(a), note(b.toLowerCase())])
  })

  test("behavior: a juror's first commitment stands", () => {
    const board = new BallotBoard()
    expect(board.put(1, [a, b], note(a))).toBeUndefined()
    expect(board.put(1, [a, b], note(a, findings.unusable))).toBe('two commitments')
    expect(board.notesOf(1, 0, [a])).toEqual([note(a)])
  })

  test('behavior: votes are opened once all are bound, and stay open', () => {
    const board = new BallotBoard()
    board.put(1, [a, b], note(a))
    expect(board.put(1, [a, b], opened(a))).toBe('not all bound')
    board.put(1, [a, b], note(b.toLowerCase()))
    expect(board.put(1, [a, b], opened(a))).toBeUndefined()
    board.put(1, [a, b], note(a))
    expect(board.notesOf(1, 0, [a, b])).toEqual([opened(a), note(b.toLowerCase())])
  })

  test('behavior: disputes and rounds do not mix, nor do jurors of another jury', () => {
    const board = new BallotBoard()
    board.put(1, [a, b], note(a))
    expect([board.notesOf(2, 0, [a]), board.notesOf(1, 1, [a]), board.notesOf(1, 0, [b])]).toEqual([
      [],
      [],
      [],
    ])
  })

  test('behavior: the oldest juries go first', () => {
    const board = new BallotBoard()
    for (let disputeId = 1; disputeId <= 1_001; disputeId++) board.put(disputeId, [a, b], note(a))
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
    votes = await ballotsOf(scene, jury, { disputeId, round: 0, found: findings.unusable })
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

  const noteOf = (ballot: Ballot) => {
    const { found, othersHold, work, salt } = ballot
    const bound = { round: 0, ...commitmentOf({ disputeId, round: 0, found }, ballot) }
    return { bound, opened: { ...bound, opening: { found, othersHold, work, salt } } }
  }

  test('error: what a juror did not sign, or signed for another dispute, round or vote, is refused', async () => {
    const { bound, opened } = noteOf(votes[0]!)
    const other = scene.auditors.find(({ address }) => address === jury[0])!
    const elsewhere = { disputeId: disputeId + 1n, round: 0, commitment: bound.commitment }
    const forged = [
      { ...bound, commitment: findings.valid },
      { ...bound, juror: jury[1] },
      { ...bound, signature: await signBallot(other, other.wallet, elsewhere) },
      { ...bound, signature: `0x${'02'.repeat(65)}` },
      { ...opened, opening: { ...opened.opening, found: findings.valid } },
      { ...opened, opening: { ...opened.opening, othersHold: true } },
    ]
    for (const body of forged) expect((await post(body))[0]).toBe(403)
  })

  test('error: who is not drawn, another round and another dispute are refused', async () => {
    const { bound } = noteOf(votes[0]!)
    const challenger = scene.auditors[0]!
    const said = { disputeId, round: 0, commitment: bound.commitment }
    const signature = await signBallot(challenger, challenger.wallet, said)
    const juror = scene.auditors.find(({ address }) => address === jury[0])!
    const next = await signBallot(juror, juror.wallet, { ...said, round: 1 })
    expect((await post({ ...bound, juror: challenger.address, signature }))[0]).toBe(409)
    expect((await post({ ...bound, round: 1, signature: next }))[0]).toBe(409)
    expect((await post(bound, disputeId + 1n))[0]).toBe(409)
  })

  test('error: what is no vote, no number or too large is refused', async () => {
    const { bound: good } = noteOf(votes[0]!)
    const bad = [{}, 'no json', { ...good, round: 2 }, { ...good, more: 1 }, { ...good, commitment: '0x1' }]
    for (const body of bad) expect((await post(body))[0]).toBe(400)
    for (const id of ['0', 'x', '1e3', '9'.repeat(30)]) expect((await post(good, id))[0]).toBe(400)
    expect((await post({ ...good, more: 'x'.repeat(5_000) }))[0]).toBe(413)
  })

  test('default: jurors are bound first, then open their votes, and decide the dispute', async () => {
    const [one, two] = votes.map(noteOf)
    expect(await post(one!.bound)).toEqual([200, { notes: [one!.bound] }])
    const [changed] = await ballotsOf(scene, jury.slice(0, 1), { disputeId, round: 0, found: findings.valid })
    expect((await post(noteOf(changed!).bound))[0]).toBe(409)
    expect((await post(one!.opened))[0]).toBe(409)
    expect(await post(two!.bound)).toEqual([200, { notes: [one!.bound, two!.bound] }])
    await post(one!.opened)
    const [status, answer] = await post(two!.opened)
    expect([status, ballotNotesSchema.parse(answer).notes]).toEqual([200, [one!.opened, two!.opened]])

    await decide(scene, jury, { disputeId, round: 0, found: findings.unusable })
    await stageIs('Closed')
    expect((await post(one!.bound))[0]).toBe(409) // nothing is left to vote on
  })
})
