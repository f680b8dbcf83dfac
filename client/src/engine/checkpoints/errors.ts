import { ClientError } from '../../errors.ts'

/** A checkpoint that is not on disk, and will not be. */
export class CheckpointGone extends ClientError {
  override name = 'CheckpointGone'
  constructor(step: number, why: string) {
    super(`The checkpoint of step ${step} is not kept${why}.`, 'Replay from the first one of its window.')
  }
}

/** A checkpoint that is being computed again, or cannot be now. */
export class CheckpointNotYet extends ClientError {
  override name = 'CheckpointNotYet'
  constructor(step: number, why: string) {
    super(
      `The checkpoint of step ${step} is not kept, and ${why}.`,
      "Ask again in some seconds, or replay from the window's first.",
      { exitCode: 75 },
    )
  }
}

/** What was trained once comes to other bits when it is trained again. */
export class ComesOutOtherwise extends ClientError {
  override name = 'ComesOutOtherwise'
  constructor(step: number) {
    super(
      `Computed again, the state after step ${step} is not the one that was committed.`,
      'Check the memory of this machine, and what runs on its GPU.',
    )
  }
}
