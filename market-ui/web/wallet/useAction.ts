import { useQueryClient } from '@tanstack/react-query'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { useRef, useState } from 'react'
import { chainQuery } from '../api/queries.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { useWallet } from './useWallet.ts'
import type { WalletState } from './WalletStore.ts'

export type ActionState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'working'; readonly step: string; readonly txHash?: string | undefined }
  | { readonly phase: 'failed'; readonly error: unknown }
  | { readonly phase: 'done' }

type Work<T> = (tell: Tell, wallet: WalletState, deployment: Deployment) => Promise<T>

/** Something that the wallet signs: at most one at a time, with what it waits for and how it ended. */
export const useAction = () => {
  const [state, setState] = useState<ActionState>({ phase: 'idle' })
  const wallet = useWallet()
  const client = useQueryClient()
  const isRunning = useRef(false)
  const run = async <T>(work: Work<T>): Promise<T | undefined> => {
    if (isRunning.current) return undefined
    isRunning.current = true
    let txHash: string | undefined
    const step = (text: string) => setState({ phase: 'working', step: text, txHash })
    const tell: Tell = { step, sent: (tx) => (txHash = tx.hash) }
    step('Preparing')
    try {
      const { deployment } = await client.fetchQuery(chainQuery())
      const result = await work(tell, wallet, deployment)
      setState({ phase: 'done' })
      void client.invalidateQueries()
      return result
    } catch (error) {
      setState({ phase: 'failed', error })
      return undefined
    } finally {
      isRunning.current = false
    }
  }
  return { state, run, reset: () => setState({ phase: 'idle' }) }
}
