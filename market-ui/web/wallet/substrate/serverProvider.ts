import type { ApiProvider } from '@trainyard/contracts/substrate/connectApi.ts'
import { postJson } from '../../api/postJson.ts'
import { nodeApi } from '../../url.ts'

type Answer = { readonly result?: unknown; readonly error?: { readonly message: string } }

/** The market's node as @polkadot/api asks it, through the market server: a page may connect to nothing else. */
export const serverProvider = (): ApiProvider => {
  const provider: ApiProvider = {
    hasSubscriptions: false,
    isClonable: false,
    isConnected: true,
    clone: () => provider,
    connect: async () => undefined,
    disconnect: async () => undefined,
    on: () => () => undefined,
    async send(method, params) {
      const { result, error } = (await postJson(nodeApi(), { method, params })) as Answer
      if (error) throw new Error(error.message)
      return result as never
    },
    subscribe: async () => noSubscriptions(),
    unsubscribe: async () => noSubscriptions(),
  }
  return provider
}

const noSubscriptions = (): never => {
  throw new Error('This way to the node has no subscriptions.')
}
