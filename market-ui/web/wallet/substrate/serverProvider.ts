import type { ApiProvider } from '@trainyard/contracts/substrate/connectApi.ts'
import { postJson } from '../../api/postJson.ts'
import { polledProvider } from '../../chain/polledProvider.ts'
import { nodeApi } from '../../url.ts'

type Answer = { readonly result?: unknown; readonly error?: { readonly message: string } }

/** The market's node as @polkadot/api asks it, through the market server: a page may connect to nothing else. */
export const serverProvider = (): ApiProvider =>
  polledProvider(async (method, params) => {
    const { result, error } = (await postJson(nodeApi(), { method, params })) as Answer
    if (error) throw new Error(error.message)
    return result
  })
