import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { expectNoViolations } from './expectNoViolations.ts'

/** All that must hold of any page as it is now, opened in light; nothing but colours depends on the scheme. */
export const inspectPage = async (page: Page, what: string, alsoDark: boolean): Promise<void> => {
  await expectNoViolations(page, what)
  if (alsoDark) {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
    await expectNoViolations(page, `${what}, dark`, 'colours')
  }
  await page.emulateMedia({ forcedColors: 'active' })
  expect([what, await unmarked(page)]).toEqual([what, []])
  await page.setViewportSize({ width: 320, height: 740 })
  const widths = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ])
  expect([what, ...widths]).toEqual([what, 320, 320])
}

/** Controls and chips that nothing sets off from the page once the system has taken the backgrounds. */
const unmarked = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, input:not([type=file], [type=radio]), select, [class*="-soft"]')]
      .filter((element) => {
        const { borderTopWidth, outlineStyle, textDecorationLine } = getComputedStyle(element)
        const isSeen = element.getClientRects().length > 0 && element.querySelector('svg') === null
        return isSeen && borderTopWidth === '0px' && outlineStyle === 'none' && textDecorationLine === 'none'
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  )
