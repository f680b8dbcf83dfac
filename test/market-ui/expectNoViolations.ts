import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** axe must find nothing on the page as it is now, open dialogs included. `what` names it in the failure. */
export const expectNoViolations = async (
  page: Page,
  what: string,
  rules: 'all' | 'colours' = 'all',
): Promise<void> => {
  const axe = new AxeBuilder({ page })
  const chosen = rules === 'all' ? axe.withTags(AXE_TAGS) : axe.withRules(['color-contrast'])
  const { violations } = await chosen.analyze()
  expect([what, violations.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([what, []])
}
