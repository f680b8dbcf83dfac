import { useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { Field } from '../components/Field.tsx'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'

const GIB = 1024 ** 3

/** Registering a machine by hand. A daemon measures its machine and does this by itself. */
export const ListMachineCard = ({ className }: { className: string }) => {
  const [endpoint, setEndpoint] = useState('')
  const [processor, setProcessor] = useState('')
  const [threads, setThreads] = useState(String(navigator.hardwareConcurrency || 1))
  const [memory, setMemory] = useState('16')
  const [isTried, setIsTried] = useState(false)
  const action = useAction()
  const endpointProblem = isEndpoint(endpoint)
    ? undefined
    : 'an http or https address of at most 200 characters is needed'
  const threadsProblem =
    Number.isInteger(Number(threads)) && Number(threads) > 0 ? undefined : 'a whole number is needed'
  const memoryProblem = Number(memory) > 0 ? undefined : 'a number is needed'
  const list = () => {
    setIsTried(true)
    if (endpointProblem ?? threadsProblem ?? memoryProblem) return
    const specs = specsOf(processor, Number(threads), Number(memory))
    return action.run(async (tell, wallet, deployment) =>
      (await import('./sellActions.ts')).listMachine({ wallet, deployment, tell }, { endpoint, specs }),
    )
  }
  const shown = (problem: string | undefined) => (isTried ? problem : undefined)
  return (
    <Card title="List a machine by hand" className={className}>
      <p className="mb-4 max-w-3xl text-muted">
        The usual way is the daemon (<code className="font-mono">trainyard start</code>): it measures the
        machine, registers and offers it. By hand, a daemon of the same account must answer at the endpoint,
        or orders will expire and cost you.
      </p>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Field
          label="Endpoint"
          value={endpoint}
          onChange={setEndpoint}
          hint="https://…"
          problem={shown(endpointProblem)}
        />
        <Field label="Processor" value={processor} onChange={setProcessor} maxLength={200} />
        <Field
          label="Threads"
          inputMode="numeric"
          value={threads}
          onChange={setThreads}
          problem={shown(threadsProblem)}
        />
        <Field
          label="Memory, GiB"
          inputMode="decimal"
          value={memory}
          onChange={setMemory}
          problem={shown(memoryProblem)}
        />
      </div>
      <div className="mt-3">
        <Button onClick={() => void list()} disabled={action.state.phase === 'working'}>
          Register the machine
        </Button>
      </div>
      <ActionStatus state={action.state} done="It is registered. Offer it above." />
    </Card>
  )
}

const isEndpoint = (text: string): boolean =>
  text.length <= 200 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

const specsOf = (brand: string, cores: number, memoryGib: number) => ({
  version: 1,
  cpu: { brand, cores, physicalCores: cores },
  memoryBytes: Math.round(memoryGib * GIB),
  diskBytes: 0,
  os: { platform: 'unknown', distro: 'not measured', release: '', kernel: '', arch: 'unknown' },
  gpus: [],
})
