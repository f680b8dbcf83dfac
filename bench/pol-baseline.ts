import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { id } from 'ethers'
import { drawSegments } from '../test/helpers/drawSegments.ts'
import type { Attack, Run } from '../test/verifier/redteam/attack.ts'
import { trainingAttacks } from '../test/verifier/redteam/attacks.ts'
import { type AuditRoom, openAuditRoom, wrongIn } from '../test/verifier/redteam/audit.ts'
import { computedAcceptance, termsOf } from '../test/verifier/redteam/detection.ts'
import { serve } from '../test/verifier/redteam/serve.ts'
import { openWorld, type World } from '../test/verifier/redteam/world.ts'
import { digitsFolder } from './lib/digits.ts'
import { type Figure, median, round } from './lib/figure.ts'
import { verifyProofOfLearning } from './lib/proofOfLearning.ts'

const HONEST: Attack = {
  name: 'honest',
  how: 'as the job says',
  failedBy: [],
  wrong: () => [],
  run: ({ honest }) => honest,
}

/**
 * The published Proof-of-Learning procedure beside ours on the same job (the sample's network and data, 1,280 steps in 80
 * segments, 10 a pass over the data) and the same attacks. PoL twice: as published, where the prover's log names batches and
 * rate; and with the job's own, which is all that changes, so that what is left are its choice of intervals and its
 * thresholds. Processor time is that of the runs that it accepts, or of one audit of the honest run.
 */
export async function measure(): Promise<Figure> {
  const room = await openAuditRoom()
  try {
    const world = await openDigits()
    const rows: Row[] = []
    for (const attack of [HONEST, ...trainingAttacks]) rows.push(await compare(room, world, attack))
    const attacks = rows.slice(1)
    const published = attacks.filter((row) => row.polAccepts).length
    const beyond = attacks.filter((row) => row.refusedSegments === 0).length
    const polSteps = rows[0]!.polSteps / world.job.steps
    const drawn = drawSegments(termsOf(world), id('pol-baseline'))
    const served = await serve(world, world.honest)
    const oursSeconds = await cpuSeconds(() => room.audit(world, served, drawn))
    return {
      figure: 'pol-baseline',
      value: beyond,
      unit: 'attacks of which an auditor refuses no segment',
      reference: `Proof-of-Learning as published: accepts ${published} of ${attacks.length}`,
      ratio: round(beyond / Math.max(1, published)),
      goal: 'fewer than Proof-of-Learning, 0',
      met: beyond === 0 && rows[0]!.refusedSegments === 0,
      detail: {
        attacks: attacks.length,
        polAcceptsAsPublished: published,
        polAcceptsWithTheJobsBatchesAndRate: attacks.filter((row) => row.polAcceptsJob).length,
        honestAccepted: { pol: rows[0]!.polAccepts, ours: rows[0]!.refusedSegments === 0 },
        stepsShare: { pol: round(polSteps), ours: round(drawn.length / world.size.segments) },
        cpuSeconds: {
          pol: round(median(rows.filter((row) => row.polAccepts).map((row) => row.polSeconds)), 3),
          ours: round(oursSeconds, 3),
        },
        rows: rows.map(({ name, polAccepts, polReason, polAcceptsJob, oursMisses }) => {
          return { name, pol: polAccepts, polReason, polWithJobsBatches: polAcceptsJob, oursMisses }
        }),
      },
    }
  } finally {
    await room.close()
  }
}

type Row = {
  name: string
  polAccepts: boolean
  polReason: string | null
  polAcceptsJob: boolean
  polSteps: number
  polSeconds: number
  refusedSegments: number
  /** chance that our draw meets none of them */
  oursMisses: number
}

async function compare(room: AuditRoom, world: World, attack: Attack): Promise<Row> {
  const run: Run = await attack.run(world)
  const start = process.cpuUsage()
  const pol = verifyProofOfLearning(world, run, run.log ?? (() => ({})))
  const { user, system } = process.cpuUsage(start)
  const job = verifyProofOfLearning(world, run, () => ({}))
  const wrong = wrongIn(await room.audit(world, await serve(world, run)))
  return {
    name: attack.name,
    polAccepts: pol.accepted,
    polReason: pol.reason,
    polAcceptsJob: job.accepted,
    polSteps: pol.steps,
    polSeconds: (user + system) / 1e6,
    refusedSegments: wrong.length,
    oursMisses: round(computedAcceptance(termsOf(world), wrong)),
  }
}

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

function openDigits(): Promise<World> {
  const [train, heldOut] = ['train', 'heldOut'].map((name) => {
    return new Uint8Array(readFileSync(join(digitsFolder, `${name}.safetensors`)))
  })
  const shape = { layers: [256, 64, 10], batchSize: 32, learningRate: 0.05, stepsPerSegment: 16 }
  const files = { train: train!, heldOut: heldOut! }
  return openWorld({ ...shape, segments: 80, segmentsPerWindow: 20, draws: 10, files }, 1)
}
