import { useState } from 'react'
import type { Dispute } from '../../server/api/schemas.ts'
import { Button } from '../components/Button.tsx'
import { Field } from '../components/Field.tsx'
import { useNow } from '../live/useNow.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { findingOfChoice, voteChoices } from './voteChoices.ts'

/** For the connected juror who has not voted yet: what its replay found, and the vote. */
export const VoteForm = ({ dispute }: { dispute: Dispute }) => {
  const { account } = useWallet()
  const now = useNow()
  const [choice, setChoice] = useState('')
  const [root, setRoot] = useState('')
  const [isTried, setIsTried] = useState(false)
  const action = useAction()
  const own = dispute.jury.find(({ juror }) => juror.toLowerCase() === account?.toLowerCase())
  const isOpen = dispute.stage === 'Voting' && now < dispute.deadlineAt
  if (own === undefined || own.found !== null || !isOpen) {
    return action.state.phase === 'idle' ? null : <ActionStatus state={action.state} done="You have voted." />
  }
  const found = findingOfChoice(choice, root)
  const vote = () => {
    setIsTried(true)
    if (found === undefined) return
    return action.run(async (tell, wallet, deployment) =>
      (await import('./disputeActions.ts')).castVote({ wallet, deployment, tell }, dispute.id, found),
    )
  }
  return (
    <div className="grid gap-3 border-t border-line px-4 py-4 sm:px-6">
      <fieldset>
        <legend className="font-semibold">You are drawn as a juror: what did your replay find?</legend>
        <p className="mt-1 max-w-3xl text-sm text-muted">
          An auditor's service replays and votes by itself. Vote here only after you have replayed it; a juror
          who does not vote loses its seat, and a vote cannot be taken back.
        </p>
        <div className="mt-3 grid gap-2">
          {voteChoices(dispute).map(({ value, text }) => (
            <label key={value} className="flex min-h-6 items-start gap-3">
              <input
                type="radio"
                name="found"
                checked={choice === value}
                onChange={() => setChoice(value)}
                className="mt-1 size-4"
              />
              {text}
            </label>
          ))}
        </div>
      </fieldset>
      {choice === 'other' && (
        <Field
          label="State root that the replay came to"
          isMono
          value={root}
          onChange={setRoot}
          problem={isTried && found === undefined ? '32 bytes as 0x and 64 digits are needed' : undefined}
        />
      )}
      {isTried && choice === '' && (
        <p role="alert" className="font-medium text-bad">
          Choose what you found.
        </p>
      )}
      <p>
        <Button look="main" onClick={() => void vote()} disabled={action.state.phase === 'working'}>
          Sign and vote
        </Button>
      </p>
      <ActionStatus state={action.state} done="You have voted." />
    </div>
  )
}
