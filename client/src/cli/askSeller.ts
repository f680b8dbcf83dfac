import { cancel, intro, outro, select, text } from '@clack/prompts'
import { ClientError } from '../errors.ts'
import type { InitAnswers } from './initCommand.ts'

/** Asks a person for what `init` needs; the defaults are what --yes would take. */
export async function askSeller(defaults: InitAnswers): Promise<InitAnswers> {
  intro('Trainyard: sell training time of this machine')
  const ask = async (message: string, initialValue: string) => answer(await text({ message, initialValue }))
  const answers: InitAnswers = {
    dir: await ask('Where to keep configuration and account?', defaults.dir),
    rpc: await ask('JSON-RPC address of the chain', defaults.rpc),
    deployment: await ask('File with the deployment of the contracts', defaults.deployment),
    store: await ask('Address of the store (a market server)', defaults.store),
    listen: await ask('Where buyers reach this machine (host:port)', defaults.listen),
    driver: await askDriver(defaults.driver),
    pricePerHourWei: await ask('Price per hour, in wei of the token', defaults.pricePerHourWei),
    maxSeconds: Number(await ask('Longest order, in seconds', String(defaults.maxSeconds))),
    bondWei: await ask('Bond to put up, in wei of the token', defaults.bondWei),
  }
  outro('Thank you.')
  return answers
}

async function askDriver(initialValue: InitAnswers['driver']): Promise<InitAnswers['driver']> {
  const chosen = await select<InitAnswers['driver']>({
    message: 'What runs the jobs?',
    initialValue,
    options: [
      { value: 'docker', label: 'Docker containers without network' },
      { value: 'process', label: 'confined processes (weaker; canonical jobs only)' },
    ],
  })
  return answer<InitAnswers['driver']>(chosen)
}

function answer<T extends string>(value: T | symbol): T {
  if (typeof value !== 'symbol') return value
  cancel('Nothing was written.')
  throw new ClientError('The wizard was left.', 'Run init again when you like.')
}
