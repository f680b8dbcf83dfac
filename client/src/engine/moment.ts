import type { Effect } from '../order/effect.ts'

/**
 * Where tests end the daemon. before: the state that wants the effect is on disk, nothing of it was done. after: all of
 * it was done, and the journal does not know yet that it was. Every effect passes both, see retryEffect's attempts.
 */
export type Moment = `${'before' | 'after'} ${Effect['type']}`
