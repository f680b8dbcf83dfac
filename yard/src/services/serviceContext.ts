/** What every service of the yard needs to start. */
export type ServiceContext = {
  rpcUrl: string
  /** told in words when a service is started again */
  onEvent: (text: string) => void
  /** told once when a service is given up */
  onDead: (reason: Error) => void
}
