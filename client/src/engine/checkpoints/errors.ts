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
