// The light client, in a worker of its own: it compiles WebAssembly and speaks to peers, which the page's content policy forbids
// and this file's own allows (server/routes/pageRoutes.ts). First message: both specifications; then JSON-RPC in both directions.
import { start } from 'smoldot'

type Specs = { readonly relay: string; readonly chain: string }
const ERRORS_ONLY = 1

const port = self as unknown as {
  postMessage: (message: { readonly rpc: string } | { readonly failed: string }) => void
  onmessage: ((event: { readonly data: Specs | string }) => void) | null
}

/** What was asked before the chain was there. */
const early: string[] = []

const run = async ({ relay, chain }: Specs): Promise<void> => {
  const client = start({ maxLogLevel: ERRORS_ONLY, forbidTcp: true, forbidNonLocalWs: true })
  const over = await client.addChain({ chainSpec: relay, disableJsonRpc: true })
  const opened = await client.addChain({ chainSpec: chain, potentialRelayChains: [over] })
  for (const asked of early) opened.sendJsonRpc(asked)
  port.onmessage = ({ data }) => opened.sendJsonRpc(String(data))
  for (;;) port.postMessage({ rpc: await opened.nextJsonRpcResponse() })
}

port.onmessage = ({ data }) => {
  if (typeof data === 'string') early.push(data)
  else run(data).catch((error: unknown) => port.postMessage({ failed: String(error) }))
}
