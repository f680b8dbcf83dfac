import { DEVNET } from '../devnet.ts'

/** What `init` asks for; every value as it stands in the configuration, '' for one that is not to be there. */
export type InitAnswers = {
  keystore: string
  passwordFile: string
  rpc: string
  deployment: string
  store: string
  listen: string
  publicEndpoint: string
  region: string
  driver: 'docker' | 'process'
  pricePerHourWei: string
  maxSeconds: number
  bondWei: string
}

export type AnswerKey = keyof InitAnswers

/** What a machine that has no configuration yet is offered. */
export const usualAnswers: Omit<InitAnswers, 'keystore' | 'passwordFile'> = {
  rpc: DEVNET.rpc,
  deployment: DEVNET.deployment,
  store: DEVNET.store,
  listen: '127.0.0.1:8585',
  publicEndpoint: '',
  region: '',
  driver: 'docker',
  pricePerHourWei: '1000000000000000000',
  maxSeconds: 86_400,
  bondWei: '100000000000000000000',
}

/** The answers among some values. */
export function pickAnswers(values: Readonly<Record<string, unknown>>): Partial<InitAnswers> {
  const keys = ['keystore', 'passwordFile', ...Object.keys(usualAnswers)] as AnswerKey[]
  const found = keys.filter((key) => values[key] !== undefined)
  const value = (key: AnswerKey) => (key === 'maxSeconds' ? Number(values[key]) : String(values[key]))
  return Object.fromEntries(found.map((key) => [key, value(key)]))
}
