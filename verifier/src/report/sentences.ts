import type { ScreenId } from '../screens/screenRun.ts'
import type { CheckId, CheckStatus } from '../verdict.ts'

/** What each check says of a bundle that passes it. */
export const HOLDS: Readonly<Record<CheckId, string>> = {
  manifest: 'The bundle holds the files that it lists, byte for byte, and nothing else.',
  schema: 'Every file has its form and its place.',
  'job-hash': 'The job is the one that was ordered, and the order repeats its numbers.',
  data: 'The data are those whose content identifiers the job names.',
  init: 'Training began with the weights that the job’s seed gives; nothing was learnt before.',
  seeds: 'Each window was seeded by a beacon that came after the window before the last was committed.',
  'leaf-chain': 'The claims cover each step once, and each begins where the last one ended.',
  'window-root': 'The claims are those whose hash was committed while training.',
  'evidence-signature': 'The seller signed them for these contracts.',
  checkpoint: 'The checkpoints are states of this model at their steps, and the ones claimed.',
  batch: 'Each segment used the samples that data and seeds give, in their order.',
  rng: 'Counters and data cursor are those of the steps done.',
  replay: 'Run again, every segment ends in the claimed state, bit for bit.',
  inner: 'Loss and gradient norm of every step are those committed, and those of the replay.',
  model: 'The delivered model is the weights of the last checkpoint.',
  metrics: 'Accuracy and loss on the held-out data were computed here and are equal.',
  progress: 'The curve that was shown follows from the committed numbers.',
  chain: 'The order is what the contracts say.',
}

export const STATUS_WORDS: Readonly<Record<CheckStatus, string>> = {
  pass: 'Passed',
  fail: 'Failed',
  undecided: 'Undecided',
  blocked: 'Blocked',
  'not-compared': 'Not compared',
}

/** What each screen looks at. */
export const SCREEN_WORDS: Readonly<Record<ScreenId, string>> = {
  accuracy: 'Held-out accuracy does not fall beyond noise.',
  continuity: 'The distribution of the weights changes continuously.',
  'initial-distribution': 'Initial weights have the declared distribution.',
  'initial-independence': 'Initial weights are independent of each other.',
  'distance-falling': 'The distance to the final weights falls all the time.',
  'initial-distance': 'The final weights are nearer to their own beginning than to others.',
  'loss-continuity': 'Loss and gradient norm after each state are those that it gives.',
  'update-norm': 'Weights move as far as the claimed gradients can carry them.',
  'update-cosine': 'Neighbouring updates do not lie on one line.',
  memorisation: 'Points said to be used are learnt better than those left out.',
  timing: 'No window was committed much faster than the others.',
}

/** The whole verdict in one sentence. */
export const VERDICT_SENTENCES = {
  valid: 'The training was done as ordered: every committed segment was run again and came to the same bits.',
  invalid:
    'The training was not done as ordered, or this bundle does not show it. What failed is said below.',
  undecided: 'Nothing was found wrong, but something could not be checked on this machine.',
} as const
