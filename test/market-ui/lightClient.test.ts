import * as specs from '@polkadot-api/known-chains'
import { buildWeb } from '@trainyard/market-ui/buildWeb.ts'
import type { Browser, Page } from 'playwright-core'
import { start } from 'smoldot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { knownChains } from '../../market-ui/web/lightClient/knownChains.ts'
import { browserTest, hasChromium, launchChromium, openPage } from './chromium.ts'
import { expectNoViolations } from './expectNoViolations.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'

const [polkadotHub = ''] = Object.keys(knownChains)
const ADDRESS = `0x${'11'.repeat(20)}`
/** Nothing outside this machine can be reached here: no light client gets further than that. */
const LONELY_MS = 60_000

let server: TestServer
let browser: Browser

beforeAll(async () => {
  if (!hasChromium) return
  const [webDir, launched] = await Promise.all([buildWeb(), launchChromium()])
  browser = launched
  server = await startTestServer({ webDir })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Settings as if the market were on that chain: what the server would say of it is put in its place. */
const openSettings = async (genesisHash: string) => {
  const opened = await openPage(browser, `${server.url}/settings`)
  const { page } = opened
  const names = [
    'runtime',
    'token',
    'balances',
    'machines',
    'staking',
    'market',
    'proofs',
    'windows',
    'disputes',
  ]
  const contracts = Object.fromEntries(names.map((name) => [name, ADDRESS]))
  const deployment = { chain: 'revive', chainId: 420_420_419, genesisHash, ...contracts, deployedBlock: 1 }
  const health = { chain: 'revive', chainId: 420_420_419, genesisHash, head: 1, headAt: 1, behind: 0 }
  const more = { phase: 'following', rpc: 'wss://node.example', answeredAtMs: 1 }
  await page.route('**/api/health', (route) => route.fulfill({ json: { ...health, ...more } }))
  await page.route('**/api/chain', (route) => route.fulfill({ json: { deployment, isDevnet: false } }))
  await page.reload()
  await page.getByRole('button', { name: 'Start the light client' }).waitFor()
  return opened
}

const status = (page: Page) => page.getByRole('region', { name: 'Light client' }).getByRole('status').first()

describe('light client', () => {
  test('default: every specification in the page begins with the block that it is found by', async () => {
    const client = start({ maxLogLevel: 1 })
    for (const [genesisHash, { relay, chain }] of Object.entries(knownChains)) {
      const over = await client.addChain({ chainSpec: (await relay()).chainSpec, disableJsonRpc: true })
      const { chainSpec } = await chain()
      expect(Object.values(specs)).toContain(chainSpec)
      const opened = await client.addChain({ chainSpec, potentialRelayChains: [over] })
      opened.sendJsonRpc('{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[0]}')
      expect(JSON.parse(await opened.nextJsonRpcResponse()).result).toBe(genesisHash)
    }
    await client.terminate()
  })

  browserTest(
    'default: it starts under the content policy, says that no peer answers, and reading goes on',
    async () => {
      await using opened = await openSettings(polkadotHub)
      const { page, complaints } = opened
      const loaded = await page.evaluate(() =>
        performance.getEntriesByType('resource').map(({ name }) => name.replace(/^.*\//, '')),
      )
      expect(loaded.filter((name) => /lightClientWorker|polkadot/.test(name))).toEqual([])
      await page.getByRole('button', { name: 'Start the light client' }).click()
      // It has compiled, and its chain begins with the market's first block.
      await status(page)
        .filter({ hasText: 'Syncing with Polkadot Asset Hub' })
        .waitFor({ timeout: LONELY_MS })
      await status(page)
        .filter({
          hasText: 'No peer of Polkadot Asset Hub can be reached from this browser; it goes on trying.',
        })
        .waitFor({ timeout: LONELY_MS })
      expect(await status(page).textContent()).toContain('the page reads through the market server')
      await expectNoViolations(page, 'light client')
      await page.reload() // what was chosen is taken up again
      await status(page)
        .filter({ hasText: /Starting|Syncing/ })
        .waitFor()
      await page.getByRole('button', { name: 'Stop it' }).click()
      await status(page).filter({ hasText: 'Off. The page reads through the market server.' }).waitFor()
      expect(complaints.filter((text) => !/WebSocket connection|Failed to load resource/.test(text))).toEqual(
        [],
      )
    },
  )

  browserTest('error: a chain without a specification here is said to be one', async () => {
    await using opened = await openSettings(`0x${'45'.repeat(32)}`)
    const { page } = opened
    await page.getByRole('button', { name: 'Start the light client' }).click()
    await status(page).filter({ hasText: 'No specification of this chain comes with the page' }).waitFor()
  })
})
