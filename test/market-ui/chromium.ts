import { accessSync, constants } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { test } from 'vitest'

const path = process.env.CHROMIUM ?? '/usr/bin/chromium'
const isRequired = (process.env.TRAINYARD_REQUIRE ?? '').split(',').includes('chromium')
const TEST_TIMEOUT_MS = 120_000
const WAIT_MS = 15_000

const missing = ((): string | undefined => {
  try {
    accessSync(path, constants.X_OK)
    return undefined
  } catch {
    return `no Chromium at ${path}; set CHROMIUM`
  }
})()

/** Whether tests in a browser run at all. */
export const hasChromium = missing === undefined

/** A test in a real browser. Without one it is skipped with the reason in its name, or fails if chromium is required. */
export const browserTest = (name: string, body: () => Promise<void>): void => {
  if (missing === undefined) test(name, body, TEST_TIMEOUT_MS)
  else if (isRequired)
    test(name, () => {
      throw new Error(`TRAINYARD_REQUIRE names chromium, but: ${missing}`)
    })
  else test.skip(`${name} [skipped: ${missing}]`, body)
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox', // root in a container has no user namespaces
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** Opens a page in a context of its own; what the page complains about is collected. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[]; [Symbol.asyncDispose]: () => Promise<void> }> => {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}
