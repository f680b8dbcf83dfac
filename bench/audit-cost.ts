import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { trainSteps } from '@trainyard/verifier/canonical/train.ts'
import { id } from 'ethers'
import { drawSegments } from '../test/helpers/drawSegments.ts'
import { poisonedSegments } from '../test/verifier/redteam/attacks/poisonedSegments.ts'
import { type AuditRoom, openAuditRoom, wrongIn } from '../test/verifier/redteam/audit.ts'
import { computedAcceptance, missedDraws, termsOf } from '../test/verifier/redteam/detection.ts'
import { type Served, serve } from '../test/verifier/redteam/serve.ts'
import { openWorld, SMALL, type World } from '../test/verifier/redteam/world.ts'
import { digitsFolder } from './lib/digits.ts'
import { type Figure, median, round } from './lib/figure.ts'

const ROUNDS = 2
const DRAWS = 50_000
const Q = 10
const FAKED_SHARE = 0.3

/**
 * Processor time of one auditor over that of the training it audits, in turn in one process: the sample's network, data and
 * length of segments, 40,960 steps in 320 of them, ten drawn besides the first and the last. The audit is the auditor's own
 * code from leaves and signatures to verdicts, checkpoints fetched over HTTP; serving them is in its time too. Training is
 * training alone.
 */
export async function measure(): Promise<Figure> {
  const room = await openAuditRoom()
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-bench-'))
  try {
    const { world, served } = await openDigits(folder)
    const drawn = Array.from({ length: ROUNDS }, (_, i) => drawSegments(termsOf(world), id(`audit ${i}`)))
    const trained: number[] = []
    const audited: number[] = []
    for (const segments of drawn) {
      trained.push(await cpuSeconds(() => train(world)))
      audited.push(await cpuSeconds(() => auditHonest(room, world, served, segments)))
    }
    const stingy = { ...served, checkpoint: firstOfWindow(world, served) }
    const stingySeconds = await cpuSeconds(() => auditHonest(room, world, stingy, drawn[0]!))
    const ratio = median(audited) / median(trained)
    const caught = await fakers(room)
    return {
      figure: 'audit-cost',
      value: round(ratio),
      unit: 'processor time of one auditor / of training',
      reference: 'replicating the run: 1',
      ratio: round(ratio),
      goal: '<= 0.05 at q = 10, N >= 320; 30 % fakers caught >= 97 %',
      met: ratio <= 0.05 && caught.caughtComputed >= 0.97,
      detail: {
        segments: world.size.segments,
        replayed: drawn[0]!.length,
        stepsShare: round(drawn[0]!.length / world.size.segments),
        trainingSeconds: round(median(trained), 3),
        auditSeconds: round(median(audited), 3),
        panelOfThree: round(3 * ratio),
        sellerServesOnlyWindowStarts: round(stingySeconds / median(trained)),
        ...caught,
      },
    }
  } finally {
    rmSync(folder, { recursive: true })
    await room.close()
  }
}

/** The seller's states lie in files, as a seller's do: in memory they would slow the auditor's collector down. */
async function openDigits(folder: string): Promise<{ world: World; served: Served }> {
  const [train, heldOut] = ['train', 'heldOut'].map((name) => {
    return new Uint8Array(readFileSync(join(digitsFolder, `${name}.safetensors`)))
  })
  const shape = { layers: [256, 64, 10], batchSize: 32, learningRate: 0.05, stepsPerSegment: 128 }
  const files = { train: train!, heldOut: heldOut! }
  const world = await openWorld({ ...shape, segments: 320, segmentsPerWindow: 32, draws: Q, files }, 1)
  const served = await serve(world, world.honest)
  for (let step = 0; step <= world.job.steps; step += shape.stepsPerSegment) {
    writeFileSync(join(folder, `${step}`), served.checkpoint(step)!)
  }
  const emptied = { initial: world.honest.initial, segments: [] }
  return {
    world: { ...world, honest: emptied },
    served: {
      ...served,
      run: emptied,
      checkpoint: (step) => new Uint8Array(readFileSync(join(folder, `${step}`))),
    },
  }
}

async function cpuSeconds(work: () => unknown): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

function train({ job, data: { samples }, files, seeds }: World): void {
  const data = readDataSet(files.train)
  if (data.samples !== samples) throw new Error('other data')
  trainSteps({ job, data, seeds, state: initialState(job), fromStep: 0, toStep: job.steps })
}

async function auditHonest(room: AuditRoom, world: World, served: Served, segments: readonly number[]) {
  const verdicts = await room.audit(world, served, segments)
  if (verdicts.some((verdict) => verdict !== 'pass')) throw new Error('an honest segment was refused')
}

/** Sellers must keep each window's first checkpoint only; auditors recompute the others from it. */
function firstOfWindow({ size }: World, served: Served): Served['checkpoint'] {
  const stepsPerWindow = size.stepsPerSegment * size.segmentsPerWindow
  return (step) => (step % stepsPerWindow === 0 ? served.checkpoint(step) : undefined)
}

/** A seller that fakes 30 % of the segments of a smaller job, spread as evenly as they go, which is best for it. */
async function fakers(room: AuditRoom) {
  const world = await openWorld({ ...SMALL, segments: 320, segmentsPerWindow: 32, draws: Q }, 1)
  const attack = poisonedSegments('30 %', ({ size }) => Math.round(FAKED_SHARE * size.segments))
  const wrong = wrongIn(await room.audit(world, await serve(world, await attack.run(world))))
  const terms = termsOf(world)
  const missed = missedDraws(terms, wrong, DRAWS, 'fakers of 30 %')
  return {
    fakedAndRefused: wrong.length,
    caughtComputed: round(1 - computedAcceptance(terms, wrong)),
    caughtMeasured: round(1 - missed / DRAWS),
    draws: DRAWS,
  }
}
