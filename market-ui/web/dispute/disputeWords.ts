import type { DisputeSummary, Finding } from '../../server/api/schemas.ts'
import type { Tone } from '../components/Chip.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import { formatClock, formatSeconds } from '../format/formatTime.ts'

/** What is disputed, in one sentence. */
export const whatIsDisputed = (dispute: DisputeSummary): string => {
  const { segment, firstStep, lastStep, step, answer, sellerRoot } = dispute
  if (sellerRoot === 'stalled')
    return `The seller ended the order because its job stalls in segment ${segment}. The challenger says that the job goes on.`
  if (answer === 'steps')
    return `Both sides agree on the state before step ${formatCount(firstStep + step)}, which is in segment ${segment}, and differ on the state after it.`
  const which = `segment ${segment}, steps ${formatCount(firstStep + 1)} to ${formatCount(lastStep)},`
  if (step > 0) return `By the challenger's replay ${which} ends in another state than the seller committed.`
  return `The challenger says that ${which} does not hold, or that what its replay needs is not served.`
}

/** What happens next with a dispute and until when, or how it ended. */
export const whatIsNext = (dispute: DisputeSummary, nowSeconds: number): string => {
  const { stage, deadlineAt, round } = dispute
  const left = deadlineAt - nowSeconds
  const until = `until ${formatClock(deadlineAt)}, in ${formatSeconds(left)}`
  switch (stage) {
    case 'Answering':
      if (left > 0) return `The seller may answer ${until}; then a jury is drawn by lot.`
      return 'The time to answer is over: anyone may have the jury drawn.'
    case 'Drawing':
      return round === 0
        ? 'A jury is drawn by lot next, which anyone may ask for.'
        : 'The first jury did not agree in time. A second one is drawn next, which anyone may ask for.'
    case 'Voting':
      return voting(dispute, left > 0 ? until : undefined)
    default:
      return howItEnded(dispute)
  }
}

const voting = ({ jury, round }: DisputeSummary, until: string | undefined): string => {
  if (until === undefined)
    return `The time to vote is over. Anyone may close the round: ${round === 0 ? 'a second jury is drawn then' : 'the order then ends unaudited'}.`
  const voted = jury.filter(({ found }) => found !== null).length
  const sealed = jury.filter(({ found, isSealed }) => found === null && isSealed).length
  const replay = jury.length === 1 ? 'replays' : 'replay'
  return `${formatPlural(jury.length, 'juror')} drawn by lot ${replay} it and may vote ${until}; two thirds on one finding decide. ${votesSoFar(voted, sealed)}`
}

const votesSoFar = (voted: number, sealed: number): string => {
  if (voted > 0) return `${formatPlural(voted, 'vote')} on the chain so far.`
  if (sealed > 0) return `${formatPlural(sealed, 'vote')} on the chain, still sealed.`
  return 'Votes are sealed until all jurors are bound to theirs; none is on the chain yet.'
}

const howItEnded = (dispute: DisputeSummary): string => {
  const { found, sellerWins, isBondHeld, entries } = dispute
  if (found !== null && sellerWins)
    return `The jury found that ${findingText(dispute, found)}. The challenger lost its bond, and the audit went on.`
  if (found !== null) return `The jury found that ${findingText(dispute, found)}. ${consequence(dispute)}`
  if (entries.filter(({ name }) => name === 'JuryUndecided').length > 1)
    return 'Neither jury agreed in time. The bond went back, and the order ended unaudited.'
  return isBondHeld
    ? 'The order was settled before this was decided. The bond is still held: anyone may have it returned.'
    : 'The order was settled before this was decided, and the bond went back.'
}

/** What the order's own end says of money is on its page. */
const consequence = ({ jury, further, found }: DisputeSummary): string => {
  const holding = jury.filter((juror) => juror.found === found && juror.othersHold).length
  if (further.length > 0 && found !== 'unavailable' && 3 * holding >= 2 * jury.length)
    return 'All others that were drawn hold, so it was a fault, or a mismatch where the seller does not vouch: pay ended there.'
  return 'The order says what that cost the seller.'
}

/** A finding as the end of "The jury found that". */
export const findingText = (
  { sellerRoot, challengerRoot, segment }: Pick<DisputeSummary, 'sellerRoot' | 'challengerRoot' | 'segment'>,
  found: Finding,
): string => {
  if (found === 'valid') return `segment ${segment} holds`
  if (found === 'unusable')
    return 'what the seller claims or serves of it contradicts itself, the job or the chain'
  if (found === 'unavailable') return 'what its replay needs is not served'
  if (found === 'outside') return 'its replay ends farther from it than the job’s tolerance'
  if (found === 'stalled') return 'the job stalls there, as the seller said'
  if (sellerRoot === 'stalled') return 'the job goes on there'
  if (found === sellerRoot) return "the seller's state is right"
  if (found === challengerRoot) return "the challenger's state is right"
  return challengerRoot === null
    ? 'its replay ends in another state than the seller claims'
    : "its replay comes to a third state, neither side's"
}

/** A finding as a chip says it. */
export const findingWord = (
  sides: Pick<DisputeSummary, 'sellerRoot' | 'challengerRoot'>,
  found: Finding,
): { tone: Tone; text: string } => {
  if (found === 'valid') return { tone: 'ok', text: 'holds' }
  if (found === 'unusable') return { tone: 'bad', text: 'contradictory' }
  if (found === 'unavailable') return { tone: 'bad', text: 'not served' }
  if (found === 'outside') return { tone: 'bad', text: 'outside the tolerance' }
  if (found === 'stalled') return { tone: 'ok', text: 'stalls' }
  if (sides.sellerRoot === 'stalled') return { tone: 'bad', text: 'goes on' }
  if (found === sides.sellerRoot) return { tone: 'ok', text: 'as the seller' }
  return { tone: 'bad', text: found === sides.challengerRoot ? 'as challenger' : 'another state' }
}

/** Where a dispute stands, as a chip says it. */
export const stageWord = ({ stage, found, sellerWins }: DisputeSummary): { tone: Tone; text: string } => {
  if (stage !== 'Closed') return { tone: 'warn', text: stage }
  if (found === null) return { tone: 'neutral', text: 'Not decided' }
  return sellerWins ? { tone: 'ok', text: 'Seller was right' } : { tone: 'bad', text: 'Seller convicted' }
}
