import { TxHash } from '../components/TxHash.tsx'
import { describeFailure } from './describeFailure.ts'

/** What went wrong, what happened to the money, what to do next. */
export const FailureBox = ({ error }: { error: unknown }) => {
  const { title, text, money, next, txHash, isChoice } = describeFailure(error)
  const look = isChoice ? 'border-warn bg-warn-soft' : 'border-bad bg-bad-soft'
  return (
    <div role="alert" className={`rounded-lg border p-3 ${look}`}>
      <p className={`font-semibold ${isChoice ? 'text-warn' : 'text-bad'}`}>{title}</p>
      <p className="mt-1 break-words">{text}</p>
      <p className="mt-1">
        <strong className="font-semibold">{money}</strong> {next}
      </p>
      {txHash && (
        <p className="mt-1">
          Transaction <TxHash value={txHash} what="the transaction" />
        </p>
      )}
    </div>
  )
}
