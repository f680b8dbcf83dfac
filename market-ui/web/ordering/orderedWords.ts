import type { AnyJob } from '@trainyard/verifier/rental.ts'
import type { Machine } from '../../server/api/machineSchemas.ts'
import { formatCount } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { formatWei } from '../format/formatWei.ts'
import { specsText } from '../market/specsText.ts'

type Ordered = Pick<Machine, 'machineId' | 'specs' | 'offer'>

const machineWords = (machine: Ordered): string => {
  const price = machine.offer
    ? `${formatWei(machine.offer.pricePerHourWei)} DEV an hour`
    : 'no offer any more'
  return `machine #${machine.machineId} (${specsText(machine)}), at ${price}`
}

/** What is ordered, from which machine, and who will see it. */
export const orderedWords = (
  job: AnyJob,
  machine: Ordered,
  maxSeconds: number,
  second?: Ordered,
): string[] => {
  const where = second
    ? `${machineWords(machine)}, and the same on ${machineWords(second)}`
    : machineWords(machine)
  return [
    `“${job.name}” on ${where}, for at most ${formatSeconds(maxSeconds)}.`,
    ...programWords(job),
    job.access === 'private'
      ? 'Only its parties and auditors may read its loss, log and checkpoints.'
      : 'Everybody may read its loss, log and checkpoints.',
  ]
}

const programWords = (job: AnyJob): string[] => {
  const steps =
    'steps' in job ? `${formatCount(job.steps)} steps in batches of ${job.hyperparameters.batchSize}` : ''
  if (job.version === 1)
    return [`The canonical trainer, a network of ${job.model.layers.join('-')} neurons, ${steps}.`]
  const command = job.command ? `with the command ${JSON.stringify(job.command)}` : 'with its own command'
  const reach = job.egress ? `It may reach ${job.egress.join(', ')}.` : 'It has no network.'
  return [`Image ${job.environment.image} ${command}${steps && `, ${steps}`}. ${reach}`]
}
