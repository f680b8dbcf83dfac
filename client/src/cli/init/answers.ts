/** What `init` asks for; every value as it stands in the configuration. */
export type InitAnswers = {
  rpc: string
  deployment: string
  store: string
  listen: string
  publicEndpoint: string
  driver: 'docker' | 'process'
  pricePerHourWei: string
  maxSeconds: number
  bondWei: string
}

export type AnswerKey = keyof InitAnswers
