import type { ApiProvider } from '@trainyard/contracts/substrate/connectApi.ts'

/**
 * What @polkadot/api asks a node through, made of one function that sends a call and returns its result. There are no
 * subscriptions: the node is polled.
 */
export const polledProvider = (
  send: (method: string, params: readonly unknown[]) => Promise<unknown>,
): ApiProvider => {
  const provider: ApiProvider = {
    hasSubscriptions: false,
    isClonable: false,
    isConnected: true,
    clone: () => provider,
    connect: async () => undefined,
    disconnect: async () => undefined,
    on: () => () => undefined,
    send: async (method, params) => (await send(method, params)) as never,
    subscribe: async () => noSubscriptions(),
    unsubscribe: async () => noSubscriptions(),
  }
  return provider
}

const noSubscriptions = (): never => {
  throw new Error('This way to the node has no subscriptions.')
}
