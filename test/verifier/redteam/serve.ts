import type { WindowFacts } from '@trainyard/contracts/readWindow.ts'
import { stateTensors, writeCheckpoint } from '@trainyard/verifier/canonical/checkpoint.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { type Evidence, evidenceBytes, signEvidence } from '@trainyard/verifier/evidence.ts'
import { type Hex, toHex } from '@trainyard/verifier/hash/hex.ts'
import { stateRoot } from '@trainyard/verifier/hash/stateRoot.ts'
import { jobSchedule } from '@trainyard/verifier/job.ts'
import { NO_INPUTS, type SegmentLeaf, windowRoot } from '@trainyard/verifier/segment.ts'
import { Wallet } from 'ethers'
import type { Run } from './attack.ts'
import type { World } from './world.ts'

export const SELLER = new Wallet(`0x${'11'.repeat(32)}`)
export const DOMAIN = { chainId: 31337, windows: '0x00000000000000000000000000000000000000a7' }

/** What a seller has put where everybody finds it, everything hashed and signed as if the run were honest. */
export type Served = {
  run: Run
  evidence: readonly Evidence[]
  /** as committed on chain */
  windows: readonly WindowFacts[]
  /** evidence files by CID */
  content: ReadonlyMap<string, Uint8Array>
  /** checkpoint files by step; undefined: not served */
  checkpoint: (step: number) => Uint8Array | undefined
}

/** Hashes, signs and commits a run. */
export async function serve(world: World, run: Run): Promise<Served> {
  const schedule = jobSchedule(world.job)
  const evidence: Evidence[] = []
  const windows: WindowFacts[] = []
  const content = new Map<string, Uint8Array>()
  for (let window = 0; window < schedule.windows; window++) {
    const { first, end } = schedule.windowSegments(window)
    const leaves = leavesOf(world, run, first, end)
    const said = { orderId: world.orderId, window, beacon: world.beacons[window]!.value, leaves }
    const signed = await signEvidence(SELLER, DOMAIN, said)
    const bytes = evidenceBytes(signed)
    const { cid } = await addBytes(bytes)
    content.set(cid, bytes)
    evidence.push(signed)
    windows.push({
      root: windowRoot(leaves),
      segments: end - first,
      lastStateRoot: leaves.at(-1)!.stateRootAfter,
      evidence: cid,
      blockNumber: world.beacons[window]!.position + 15,
      amendment: 0,
      extraDraw: false,
      committedAt: 0,
    })
  }
  const checkpoint = (step: number) => {
    const state = step === 0 ? run.initial : run.segments[step / world.size.stepsPerSegment - 1]?.state
    return state && writeCheckpoint(state)
  }
  return { run, evidence, windows, content, checkpoint }
}

function leavesOf(world: World, run: Run, from: number, to: number): SegmentLeaf[] {
  const schedule = jobSchedule(world.job)
  return run.segments.slice(from, to).map((replay, i) => {
    const segment = from + i
    const { first, end } = schedule.segmentSteps(segment)
    const before = run.segments[segment - 1]?.stateRoot
    const leaf: SegmentLeaf = {
      orderId: world.orderId,
      seller: SELLER.address as Hex,
      segment,
      firstStep: first,
      lastStep: end,
      stateRootBefore: before ?? toHex(stateRoot(stateTensors(run.initial))),
      stateRootAfter: replay.stateRoot,
      batchRoot: replay.batchRoot,
      rngRoot: replay.rngRoot,
      inputsRoot: NO_INPUTS,
      innerRoot: replay.innerRoot,
      beaconRound: world.beacons[schedule.windowOfSegment(segment)]!.position,
    }
    return run.leaf?.(leaf) ?? leaf
  })
}
