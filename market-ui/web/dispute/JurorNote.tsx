import type { Dispute } from '../../server/api/schemas.ts'
import { useWallet } from '../wallet/useWallet.ts'

/** For the connected juror who has not voted yet. A vote names the work of its replays, which a page does not do. */
export const JurorNote = ({ dispute }: { dispute: Dispute }) => {
  const { account } = useWallet()
  const own = dispute.jury.find(({ juror }) => juror.toLowerCase() === account?.toLowerCase())
  if (own === undefined || own.found !== null || dispute.stage !== 'Voting') return null
  return (
    <p className="border-t border-line px-4 py-4 sm:px-6">
      You are drawn as a juror. Your auditor's service (<code>trainyard-verify watch</code>) replays the
      segment, seals its vote, and opens it once the whole jury is bound: see that it runs. A juror who does
      not vote loses its seat.
    </p>
  )
}
