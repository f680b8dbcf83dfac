import type { BrowserContext, Page } from 'playwright-core'

/** How a wallet behaves next; tests change it as they go. */
export type WalletMode = {
  /** `replace`: sends another transaction with the same number; `drop`: says that it sent, and does not. */
  mode: 'approve' | 'reject' | 'locked' | 'replace' | 'drop'
  connected: boolean
  chainId: string | undefined
  /** Requests that were asked of it, by method. */
  readonly asked: string[]
}

type Answer = { result: unknown } | { error: { code: number; message: string; data?: unknown } }

/**
 * Puts a wallet into every page of a context, announced by EIP-6963. Its keys are the local node's own accounts, so
 * that what it signs is real. `chainId` makes it be on another network until it is asked to switch.
 */
export const installWallet = async (
  context: BrowserContext,
  wallet: { readonly rpcUrl: string; readonly account: string; readonly name?: string },
): Promise<WalletMode> => {
  const mode: WalletMode = { mode: 'approve', connected: false, chainId: undefined, asked: [] }
  await context.exposeFunction('__testWallet', (method: string, params: unknown[]) =>
    answer(mode, wallet, method, params),
  )
  await context.addInitScript(announce, wallet.name ?? 'Test Wallet')
  return mode
}

/** Tells a page that the wallet's accounts or network changed. */
export const emitWallet = (page: Page, event: string, value: unknown): Promise<void> =>
  page.evaluate(
    ([name, detail]) => {
      dispatchEvent(new CustomEvent('testwallet', { detail: [name, detail] }))
    },
    [event, value] as const,
  )

const signs = new Set(['eth_sendTransaction', 'eth_signTypedData_v4', 'personal_sign'])
const rejected: Answer = { error: { code: 4001, message: 'User rejected the request.' } }

const answer = async (
  mode: WalletMode,
  { rpcUrl, account }: { rpcUrl: string; account: string },
  method: string,
  params: unknown[],
): Promise<Answer> => {
  mode.asked.push(method)
  if (mode.mode === 'locked' && method === 'eth_accounts') return { result: [] }
  if (method === 'eth_accounts') return { result: mode.connected ? [account] : [] }
  if (method === 'eth_requestAccounts') {
    if (mode.mode === 'reject') return rejected
    mode.connected = true
    return { result: [account] }
  }
  if (method === 'eth_chainId' && mode.chainId) return { result: mode.chainId }
  if (method === 'wallet_switchEthereumChain') return { error: { code: 4902, message: 'Unrecognized chain' } }
  if (method === 'wallet_addEthereumChain') {
    if (mode.mode === 'reject') return rejected
    mode.chainId = undefined
    return { result: null }
  }
  if (signs.has(method) && mode.mode === 'reject') return rejected
  if (method === 'eth_sendTransaction' && mode.mode === 'drop') return { result: NO_SUCH_TX }
  if (method === 'eth_sendTransaction' && mode.mode === 'replace') {
    const [{ from }] = params as [{ from: string }]
    await forward(rpcUrl, method, [{ from, to: from, value: '0x0' }])
    return { result: NO_SUCH_TX }
  }
  return forward(rpcUrl, method, params)
}

const NO_SUCH_TX = `0x${'ab'.repeat(32)}`

const forward = async (rpcUrl: string, method: string, params: unknown[]): Promise<Answer> => {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  }).catch(() => undefined)
  if (response === undefined) return { error: { code: -32_603, message: 'no connection' } }
  return (await response.json()) as Answer
}

/** Runs in the page, before its code: plain JavaScript that knows nothing of this file. */
const announce = (name: string): void => {
  type Listener = (value: unknown) => void
  const listeners = new Map<string, Listener[]>()
  const ask = (window as unknown as { __testWallet: (method: string, params: unknown[]) => Promise<Answer> })
    .__testWallet
  const provider = {
    request: async ({ method, params }: { method: string; params?: unknown[] }) => {
      const said = await ask(method, params ?? [])
      if ('error' in said) throw Object.assign(new Error(said.error.message), said.error)
      return said.result
    },
    on: (event: string, listener: Listener) =>
      listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    removeListener: (event: string, listener: Listener) =>
      listeners.set(
        event,
        (listeners.get(event) ?? []).filter((one) => one !== listener),
      ),
  }
  addEventListener('testwallet', (event) => {
    const [kind, value] = (event as CustomEvent<[string, unknown]>).detail
    for (const listener of listeners.get(kind) ?? []) listener(value)
  })
  const icon = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E'
  const info = { uuid: `test-${name}`, name, rdns: 'example.test', icon }
  const say = () =>
    dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }))
  addEventListener('eip6963:requestProvider', say)
  say()
}
