import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'

let net: Devnet
let server: TestServer
beforeAll(async () => {
  net = await startDevnet()
  server = await startTestServer({ rpc: net.rpcUrl })
})
afterAll(async () => {
  await server?.close()
  await net?.stop()
})

const ask = (method: string, params: unknown[] = [], base = server.url) =>
  fetch(`${base}/api/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })

describe('POST /api/rpc', () => {
  it("default: answers reads with the node's own words", async () => {
    expect(await (await ask('eth_chainId')).json()).toEqual({ jsonrpc: '2.0', id: 1, result: '0x7a69' })
  })

  it('error: a node that signs for strangers, or can be told to, is not reached through here', async () => {
    const attempts = [
      'eth_sendTransaction',
      'eth_accounts',
      'anvil_setBalance',
      'evm_mine',
      'debug_traceCall',
      'eth_getLogs',
    ]
    for (const method of attempts) expect([method, (await ask(method)).status]).toEqual([method, 400])
    const batch = await fetch(`${server.url}/api/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }]),
    })
    expect(batch.status).toBe(400)
  })

  it('error: another site cannot send one: what a form can send is refused, no other origin is allowed', async () => {
    const form = await fetch(`${server.url}/api/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: 'https://elsewhere.example' },
      body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}',
    })
    expect([form.status, form.headers.get('access-control-allow-origin')]).toEqual([400, null])
  })

  it('error: a node that does not answer is said as such', async () => {
    const alone = await startTestServer()
    const answer = await ask('eth_chainId', [], alone.url)
    expect([answer.status, await answer.json()]).toMatchObject([502, { title: 'The chain does not answer' }])
    await alone.close()
  })
})
