import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { intro, outro, select, text } from '@clack/prompts'
import { formatUnits, parseUnits } from 'ethers'
import { configSchema } from '../../config/config.ts'
import { fileIsThere } from '../../engine/fileIsThere.ts'
import { ClientError } from '../../errors.ts'
import type { AnswerKey, InitAnswers } from './answers.ts'
import { type TokenUnits, tokenUnits } from './tokenUnits.ts'

/** Asks a person for what `init` needs; what is offered is what stands there now, or what --yes would take. */
export async function askSeller(present: InitAnswers, isNew: boolean): Promise<InitAnswers> {
  intro(
    isNew
      ? 'Trainyard: sell training time of this machine'
      : 'Trainyard: press Enter to leave a value as it is',
  )
  const account = isNew ? await askAccount(present) : present
  const rpc = await ask('rpc', 'JSON-RPC address of the chain', present)
  const deployment = await ask('deployment', 'File with the deployment of the contracts', present)
  const units = await tokenUnits(rpc, deployment)
  const answers: InitAnswers = {
    keystore: account.keystore,
    passwordFile: account.passwordFile,
    rpc,
    deployment,
    store: await ask('store', 'Address of the store (a market server)', present),
    listen: await ask('listen', 'Where the daemon listens (host:port)', present),
    publicEndpoint: await askEmptyOr(
      'publicEndpoint',
      'Address under which others reach it (https://...; empty: where it listens)',
      present,
    ),
    region: await askEmptyOr(
      'region',
      'Where it stands, for buyers to read (such as eu-central; empty: not said)',
      present,
    ),
    driver: await askDriver(present.driver),
    pricePerHourWei: await askAmount('Price per hour', present.pricePerHourWei, units),
    maxSeconds: Number(await ask('maxSeconds', 'Longest order, in seconds', present, Number)),
    bondWei: await askAmount('Bond to put up', present.bondWei, units),
  }
  outro('Thank you.')
  return answers
}

async function ask(
  key: AnswerKey,
  message: string,
  present: InitAnswers,
  convert: (answer: string) => unknown = (answer) => answer,
): Promise<string> {
  const validate = (answer: string | undefined) => {
    const result = configSchema.shape[key].safeParse(convert(answer ?? ''))
    if (key === 'deployment' && !existsSync(answer ?? '')) return 'there is no such file'
    return result.success ? undefined : result.error.issues[0]?.message
  }
  return answer(await text({ message, initialValue: String(present[key]), validate }))
}

type Account = Pick<InitAnswers, 'keystore' | 'passwordFile'>

async function askAccount(present: Account): Promise<Account> {
  const message = 'Keystore of the account (if the file is not there, a new account is made in it)'
  const keystore = resolve(answer(await text({ message, initialValue: present.keystore })))
  if (!(await fileIsThere(keystore))) return { keystore, passwordFile: present.passwordFile }
  const file = await text({ message: 'File with its password', initialValue: present.passwordFile })
  return { keystore, passwordFile: resolve(answer(file)) }
}

async function askEmptyOr(
  key: 'publicEndpoint' | 'region',
  message: string,
  present: InitAnswers,
): Promise<string> {
  const validate = (given: string | undefined) => {
    if (!given) return undefined
    const result = configSchema.shape[key].safeParse(given)
    return result.success ? undefined : result.error.issues[0]?.message
  }
  return (await answer(await text({ message, initialValue: present[key], defaultValue: '', validate }))) ?? ''
}

/** In tokens if the chain says what these are, else in wei. */
async function askAmount(message: string, wei: string, units: TokenUnits | undefined): Promise<string> {
  const toWei = (given: string) => String(units ? parseUnits(given, units.decimals) : BigInt(given))
  const validate = (given: string | undefined) => {
    try {
      return BigInt(toWei(given ?? '')) >= 0n ? undefined : 'expected 0 or more'
    } catch {
      return units ? `expected an amount of ${units.symbol}, such as 36.5` : 'expected a whole number of wei'
    }
  }
  const initialValue = units ? formatUnits(wei, units.decimals) : wei
  const unit = units ? units.symbol : 'wei of the token; the chain does not answer'
  return toWei(answer(await text({ message: `${message} (${unit})`, initialValue, validate })))
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
  throw new ClientError('The wizard was left.', 'Nothing was written. Run init again when you like.')
}
