import { stateTensors } from '@trainyard/verifier/canonical/checkpoint.ts'
import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import { toHex } from '@trainyard/verifier/hash/hex.ts'
import { stateRoot } from '@trainyard/verifier/hash/stateRoot.ts'
import type { Replay } from '@trainyard/verifier/replay.ts'
import { expect, test } from 'vitest'
import { type Cheat, honestBundle } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

/** Segments whose end state is not what the steps come to, but honest from there on. */
const faked = (segments: number[], fake: (state: TrainState) => void): Cheat => ({
  replay(segment, replay): Replay<TrainState> {
    if (!segments.includes(segment)) return replay
    fake(replay.state)
    return { ...replay, stateRoot: toHex(stateRoot(stateTensors(replay.state))) }
  },
})

/** The next float up: as small as a lie can be. */
const nudge = (state: TrainState) => {
  new Uint32Array(state.params[0]!.buffer)[0]! += 1
}

test('error: one bit of one weight nudged in one segment', async () => {
  const { detail } = await expectOnly('replay', await honestBundle(faked([1], nudge)))
  expect(detail).toMatch(/^segment 1 comes to 0x\w{64}, claimed is 0x\w{64}$/)
})

test('error: each faked window is named by itself', async () => {
  const { detail } = await expectOnly('replay', await honestBundle(faked([1, 4], nudge)))
  expect(detail).toMatch(/^segment 1 comes to .*; segment 4 comes to /)
})

test('error: a segment in the middle of a window hides the rest of that window only', async () => {
  const { detail } = await expectOnly('replay', await honestBundle(faked([2], nudge)))
  expect(detail).toMatch(/^segment 2 comes to .*; segment 3: the state before it is not known$/)
})

test('error: momentum dropped', async () => {
  const { detail } = await expectOnly(
    'replay',
    await honestBundle(faked([3], (state) => state.momenta[0]!.fill(0))),
  )
  expect(detail).toContain('segment 3')
})
