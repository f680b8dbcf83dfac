import { useState } from 'react'
import type { AddedWebhook, Webhooks } from '../../server/api/accountSchemas.ts'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { CopyButton } from '../components/CopyButton.tsx'
import { Field } from '../components/Field.tsx'
import { formatDateTime } from '../format/formatTime.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { useWallet } from '../wallet/useWallet.ts'

const actions = () => import('./webhookActions.ts')

/** Addresses that are called when something concerns the account. Seen and changed only with its signature. */
export const WebhooksCard = () => {
  const { account } = useWallet()
  return (
    <Card title="Webhooks" className="lg:col-span-3" aside="signed with HMAC-SHA256">
      <p className="max-w-3xl text-muted">
        The market server sends what is in your inbox to an address of yours, again until it answers with
        success. Each call carries <code className="font-mono text-[0.875em]">trainyard-signature</code>, a
        MAC over time and body, and an id that stays the same when it is sent twice.
      </p>
      {account ? (
        <Managed key={account} />
      ) : (
        <p className="mt-3">Connect a wallet to see the webhooks of your account.</p>
      )}
    </Card>
  )
}

type Known = { readonly grant: string; readonly list: Webhooks['webhooks'] }

const Managed = () => {
  const [known, setKnown] = useState<Known | undefined>()
  const [url, setUrl] = useState('')
  const [added, setAdded] = useState<AddedWebhook | undefined>()
  const action = useAction()
  const isWorking = action.state.phase === 'working'
  const read = async (grant: string) => setKnown({ grant, list: await (await actions()).listWebhooks(grant) })
  const open = () =>
    action.run(async (tell, wallet, deployment) =>
      read(await (await actions()).signGrant({ wallet, deployment, tell })),
    )
  const add = ({ grant }: Known) =>
    action.run(async () => {
      setAdded(await (await actions()).addWebhook(grant, url))
      setUrl('')
      await read(grant)
    })
  const remove = ({ grant }: Known, id: string) =>
    action.run(async () => {
      await (await actions()).removeWebhook(grant, id)
      setAdded((shown) => (shown?.id === id ? undefined : shown))
      await read(grant)
    })
  return (
    <div className="mt-4 grid gap-4">
      {known === undefined ? (
        <p>
          <Button onClick={() => void open()} disabled={isWorking}>
            Sign to see them
          </Button>
        </p>
      ) : (
        <>
          <List list={known.list} onRemove={(id) => void remove(known, id)} isWorking={isWorking} />
          {added && <Secret added={added} />}
          <div className="flex flex-wrap items-start gap-3">
            <Field
              label="Address to call"
              type="url"
              value={url}
              onChange={setUrl}
              hint="https://…, on the public internet"
              className="flex-1 basis-72"
            />
            <Button onClick={() => void add(known)} disabled={isWorking || url === ''} className="mt-7">
              Add it
            </Button>
          </div>
        </>
      )}
      <ActionStatus state={action.state} done="Done." />
    </div>
  )
}

type ListProps = {
  readonly list: Webhooks['webhooks']
  readonly onRemove: (id: string) => void
  readonly isWorking: boolean
}

const List = ({ list, onRemove, isWorking }: ListProps) =>
  list.length === 0 ? (
    <p>This account has no webhooks.</p>
  ) : (
    <ul className="grid gap-2">
      {list.map((webhook) => (
        <li
          key={webhook.id}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg border border-line px-4 py-3"
        >
          <div className="min-w-0">
            <p className="[overflow-wrap:anywhere]">{webhook.url}</p>
            <p className="text-sm text-muted">{stateOf(webhook)}</p>
          </div>
          <Button look="danger" onClick={() => onRemove(webhook.id)} disabled={isWorking}>
            Remove<span className="sr-only"> {webhook.url}</span>
          </Button>
        </li>
      ))}
    </ul>
  )

const stateOf = ({ failures, lastTriedAt, lastProblem }: Webhooks['webhooks'][number]): string => {
  if (lastTriedAt === 0) return 'Nothing was sent yet.'
  const when = formatDateTime(lastTriedAt)
  if (failures === 0) return `The last call, ${when}, was taken.`
  const next = failures >= 12 ? 'It is not tried any more: remove it and add it again.' : 'It is tried again.'
  return `${lastProblem} (${failures} times in a row, last ${when}) ${next}`
}

const Secret = ({ added }: { added: AddedWebhook }) => (
  <div role="status" className="rounded-lg border border-warn bg-warn-soft p-3">
    <p>
      <strong className="font-semibold text-warn">Keep this secret now:</strong> it is shown once, and with it
      you check that a call is from here.
    </p>
    <p className="mt-2 flex items-center gap-2">
      <code className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{added.secret}</code>
      <CopyButton text={added.secret} what="the secret" />
    </p>
  </div>
)
