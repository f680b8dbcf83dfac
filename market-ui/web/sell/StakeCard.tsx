import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { chainQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { Dev } from '../components/Dev.tsx'
import { Facts } from '../components/Facts.tsx'
import { Field } from '../components/Field.tsx'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'

/** What stands behind the seller's orders. */
export const StakeCard = ({ account }: { account: string }) => {
  const { data: chain } = useQuery(chainQuery())
  const { data: stake } = useQuery({
    queryKey: ['stake', account],
    queryFn: chain
      ? async () => (await import('./readStake.ts')).readStake(chain.deployment, account)
      : skipToken,
    refetchInterval: 10_000,
  })
  const [amount, setAmount] = useState('100')
  const action = useAction()
  const problem =
    /^\d{1,9}(\.\d{1,18})?$/.test(amount) && Number(amount) > 0 ? undefined : 'an amount is needed'
  const add = () =>
    action.run(async (tell, wallet, deployment) =>
      (await import('./sellActions.ts')).addStake({ wallet, deployment, tell }, amount),
    )
  return (
    <Card title="Stake">
      <Facts
        facts={[
          ['Active', stake ? <Dev key="active" wei={stake.activeWei} /> : '…'],
          ['Reserved by open orders', stake ? <Dev key="reserved" wei={stake.reservedWei} /> : '…'],
        ]}
      />
      <p className="mt-2 mb-3 text-sm text-muted">
        Each order reserves stake of at least its price. Without enough, orders are refused; for fraud it is
        lost.
      </p>
      <Field label="DEV to add" inputMode="decimal" value={amount} onChange={setAmount} problem={problem} />
      <div className="mt-2">
        <Button
          onClick={() => void add()}
          disabled={action.state.phase === 'working' || problem !== undefined}
        >
          Add to the stake
        </Button>
      </div>
      <ActionStatus state={action.state} done="It is staked." />
    </Card>
  )
}
