import { useQuery } from '@tanstack/react-query'
import { type AnyJob, isRental } from '@trainyard/verifier/rental.ts'
import { termsOfJob } from '@trainyard/verifier/termsOfJob.ts'
import { vouchesFor } from '@trainyard/verifier/vouchesFor.ts'
import { useEffect, useRef, useState } from 'react'
import type { ImageOnMachine } from '../../server/api/machineSchemas.ts'
import type { Chain } from '../../server/api/schemas.ts'
import { fetchJson } from '../api/fetchJson.ts'
import { chainQuery, imageQuery, machinesQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { useNow } from '../live/useNow.ts'
import { orderJobApi } from '../url.ts'
import { checkJob } from './checkJob.ts'
import { checkTerms } from './checkTerms.ts'
import { type Draft, draftOf, emptyDraft, furtherDraftOf, readDraft, saveDraft } from './draft.ts'
import { JobStep } from './JobStep.tsx'
import { MachineStep } from './MachineStep.tsx'
import { quoteQuery } from './quoteQuery.ts'
import { ReviewStep } from './ReviewStep.tsx'
import { SignStep } from './SignStep.tsx'
import { StepList, type StepName, stepNames } from './StepList.tsx'

/** A price that is older than this is not signed. */
const QUOTE_SECONDS = 30

/** An order in four steps. The draft stays in this browser until it is placed. */
const NewOrderPage = () => {
  const chain = useQuery(chainQuery())
  return (
    <>
      <PageTitle title="New order">Order training</PageTitle>
      <p className="mt-2 max-w-3xl text-muted">
        Nothing is sent and nothing costs anything before the last step. What you type stays in this browser.
      </p>
      <Loaded query={chain} what="the market's rules" skeletonRows={6}>
        {(data) => <Steps chain={data} />}
      </Loaded>
    </>
  )
}
export default NewOrderPage

const Steps = ({ chain }: { chain: Chain }) => {
  const { draft, change } = useDraft()
  const [step, setStep] = useState<StepName>('Job')
  const [showsProblems, setShowsProblems] = useState(false)
  const { data } = useQuery(machinesQuery())
  const machine = data?.machines.find(({ machineId }) => machineId === draft.machineId)
  const checkedJob = checkJob(draft, chain.trainerHash)
  const second = data?.machines.find(({ machineId }) => machineId === draft.secondMachineId)
  const checkedTerms = checkTerms(draft, machine, second)
  const { job } = checkedJob
  const termsProblem = Object.values(checkedTerms.problems)[0]
  const isReady: Record<StepName, boolean> = {
    Job: true,
    Machine: job !== undefined,
    Review: job !== undefined && (termsProblem === undefined || step === 'Sign'),
    Sign: job !== undefined && (termsProblem === undefined || step === 'Sign'),
  }
  const go = (to: StepName) => {
    setShowsProblems(false)
    setStep(to)
  }
  const next = () => {
    const to = stepNames[stepNames.indexOf(step) + 1]
    if (to === undefined) return
    if (isReady[to]) go(to)
    else setShowsProblems(true)
  }
  const form = { draft, change, showsProblems }
  return (
    <>
      <StepList current={step} isReady={isReady} onGo={go} />
      <StepPanel step={step} showsProblems={showsProblems}>
        {step === 'Job' && <JobStep {...form} checked={checkedJob} />}
        {step === 'Machine' && (
          <MachineStep {...form} checked={checkedTerms} steps={job && job.version !== 3 ? job.steps : 0} />
        )}
        {(step === 'Review' || step === 'Sign') && job && machine && (
          <Agreed
            step={step}
            job={job}
            machine={machine}
            second={job.proof.mode === 'refereed' ? second : undefined}
            checked={checkedTerms}
            chain={chain}
            stale={termsProblem}
            resumeOrder={draft.resumeOrder}
          />
        )}
        {step !== 'Sign' && (
          <div className="mt-6 flex flex-wrap items-center gap-4">
            <Button look="main" onClick={next}>
              Continue to {stepNames[stepNames.indexOf(step) + 1]}
            </Button>
            {step === 'Job' && <Button onClick={() => change(emptyDraft())}>Clear the form</Button>}
            {showsProblems && (
              <p role="alert" className="font-medium text-bad">
                {step === 'Job' ? 'Some fields are missing or wrong.' : termsProblem}
              </p>
            )}
          </div>
        )}
      </StepPanel>
    </>
  )
}

type AgreedProps = {
  readonly step: 'Review' | 'Sign'
  readonly job: AnyJob
  readonly machine: Parameters<typeof ReviewStep>[0]['machine']
  /** The other seller's, of a refereed order. */
  readonly second: Parameters<typeof ReviewStep>[0]['second']
  readonly checked: ReturnType<typeof checkTerms>
  readonly chain: Chain
  readonly stale: string | undefined
  readonly resumeOrder: string
}

/** The offer is taken as it was when the review began, so that a machine that goes meanwhile is said and not hidden. */
const Agreed = ({ step, job, machine, second, checked, chain, stale, resumeOrder }: AgreedProps) => {
  const offerId = useRef(machine.offer?.offerId ?? '0')
  const secondOfferId = useRef(second?.offer?.offerId)
  const isChanged = isAnother(machine, offerId.current) || isAnother(second, secondOfferId.current)
  const image = job.environment.profile === 'image' ? job.environment.image : undefined
  const asked = useImage(machine, image)
  const askedSecond = useImage(second, image)
  const vouched = isVouched(job, asked.data) && (second === undefined || isVouched(job, askedSecond.data))
  const terms = termsOfJob(job, { ...checked, offerId: BigInt(offerId.current), vouched })
  const isKnown = asked.isKnown && askedSecond.isKnown
  const others = secondOfferId.current === undefined ? [] : [BigInt(secondOfferId.current)]
  const quote = useQuery({ ...quoteQuery(chain, terms, [terms.offerId, ...others]), enabled: isKnown })
  const now = useNow()
  if (step === 'Review')
    return (
      <ReviewStep
        {...{ job, machine, second, chain, quote, vouched: terms.vouched, image: asked.data }}
        terms={checked}
      />
    )
  const isOld = quote.dataUpdatedAt > 0 && now - quote.dataUpdatedAt / 1000 > QUOTE_SECONDS
  const reason =
    stale ??
    (isChanged ? 'the seller changed the price' : undefined) ??
    (isOld ? 'its price could not be asked again for half a minute' : undefined)
  return (
    <SignStep
      job={job}
      terms={terms}
      secondOfferId={others[0]}
      quote={quote.data}
      stale={reason}
      resumeOrder={resumeOrder}
    />
  )
}

/** Always for the canonical trainer; for an image where the machine's daemon says so, and no command is added to it. */
const isVouched = (job: AnyJob, said: ImageOnMachine | undefined): boolean => {
  if (isRental(job)) return false
  return job.version === 1 || vouchesFor(job, said?.vouches ? [job.environment.image] : [])
}

/** What a machine's daemon says of the job's image; known at once where there is nothing to ask. */
const useImage = (machine: AgreedProps['second'], image: string | undefined) => {
  const isAsked = machine !== undefined && image !== undefined
  const { data, isPending } = useQuery({
    ...imageQuery(machine?.machineId ?? '', image ?? ''),
    enabled: isAsked,
  })
  return { data: isAsked ? data : undefined, isKnown: !isAsked || !isPending }
}

/** Whether a machine is under another offer now. */
const isAnother = (machine: AgreedProps['second'], offerId: string | undefined): boolean =>
  machine !== undefined && machine.offer !== null && machine.offer.offerId !== offerId

/** The panel's heading takes the focus when the step changes; a refused step shows the first wrong field. */
const StepPanel = ({
  step,
  showsProblems,
  children,
}: {
  step: StepName
  showsProblems: boolean
  children: React.ReactNode
}) => {
  const panel = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is what moves the focus
  useEffect(() => {
    if (!isFirst.current) panel.current?.querySelector('h2')?.focus()
    isFirst.current = false
  }, [step])
  useEffect(() => {
    if (showsProblems) panel.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [showsProblems])
  return (
    <section
      ref={panel}
      aria-labelledby="step"
      className="mt-4 rounded-xl border border-line bg-surface p-4 sm:p-6"
    >
      <h2 id="step" tabIndex={-1} className="mb-4 text-lg font-semibold">
        {stepNames.indexOf(step) + 1}. {step}
      </h2>
      {children}
    </section>
  )
}

const useDraft = () => {
  const [draft, setDraft] = useState(readDraft)
  const change = (part: Partial<Draft>) =>
    setDraft((before) => {
      const after = { ...before, ...part }
      saveDraft(after)
      return after
    })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the address asks for is taken once
  useEffect(() => {
    const search = new URLSearchParams(location.search)
    const machineId = search.get('machine')
    const resume = search.get('resume')
    const from = resume ?? search.get('from')
    if (machineId && /^\d{1,15}$/.test(machineId)) change({ machineId })
    if (from && /^\d{1,15}$/.test(from))
      fetchJson<AnyJob>(orderJobApi(from), AbortSignal.timeout(10_000)).then(
        (job) => change(resume ? furtherDraftOf(job, resume) : draftOf(job)),
        () => undefined, // the job is not in this store: the form stays as it was
      )
  }, [])
  return { draft, change }
}
