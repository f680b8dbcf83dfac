import type { Page } from 'playwright-core'

export const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
  })

/** Presses Tab until something is focused whose name has that in it; the walk must not need more keys than that. */
export const tabTo = async (page: Page, wanted: string | RegExp, limit = 60): Promise<string[]> => {
  const walked: string[] = []
  for (let presses = 0; presses < limit; presses += 1) {
    await page.keyboard.press('Tab')
    walked.push(await focused(page))
    const name = walked.at(-1)!
    if (typeof wanted === 'string' ? name.includes(wanted) : wanted.test(name)) return walked
  }
  throw new Error(`${wanted} not reached: ${walked.join(' | ')}`)
}
