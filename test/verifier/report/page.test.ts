import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { reportBundle } from '@trainyard/verifier/report/report.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { browserTest, hasChromium, launchChromium, openPage } from '../../market-ui/chromium.ts'
import { expectNoViolations } from '../../market-ui/expectNoViolations.ts'

const dir = mkdtempSync(join(tmpdir(), 'trainyard-page-'))
const file = join(dir, 'report.html')
let browser: Awaited<ReturnType<typeof launchChromium>> | undefined
beforeAll(async () => {
  if (!hasChromium) return
  const wrong = await honestBundle({
    leaf: (leaf) => (leaf.segment === 1 ? { ...leaf, innerRoot: leaf.rngRoot } : leaf),
  })
  writeFileSync(file, (await reportBundle(wrong)).page)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  rmSync(dir, { recursive: true, force: true })
})

for (const colorScheme of ['light', 'dark'] as const) {
  browserTest(
    `behavior: the ${colorScheme} page is accessible, and no phone scrolls it sideways`,
    async () => {
      const options = { colorScheme, viewport: { width: 390, height: 800 }, bypassCSP: true } // axe is a script
      await using opened = await openPage(browser!, pathToFileURL(file).href, options)
      const { page, complaints } = opened
      for (const table of await page.locator('details').all()) await table.locator('summary').click()
      await expectNoViolations(page, `the report, ${colorScheme}`)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      expect(complaints).toEqual([])
    },
  )
}

browserTest('behavior: what the page forbids itself is forbidden', async () => {
  const page = writeHostile()
  await using opened = await openPage(browser!, pathToFileURL(page).href)
  expect(opened.complaints.join(' ')).toMatch(/Content Security Policy/)
  expect(await opened.page.title()).not.toBe('taken over')
})

/** The page as it would be if some text had not been escaped. */
function writeHostile(): string {
  const path = join(dir, 'hostile.html')
  const script = '<script>document.title = "taken over"</script>'
  writeFileSync(path, readFileSync(file, 'utf8').replace('</main>', `${script}</main>`))
  return path
}
