import type { Page } from 'playwright-core'
import { tinyData } from '../client/rig/tinyJob.ts'

export const connect = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Connect wallet' }).click()
  await page.getByRole('button', { name: 'Test Wallet' }).click()
  await page.getByRole('heading', { name: 'Your wallet' }).waitFor()
  await page.keyboard.press('Escape')
}

export const field = (page: Page, label: string) => page.getByLabel(label, { exact: true })

/** A job that trains in a second: 16 pixels, 4 classes. */
export const fillTinyJob = async (page: Page, changes: Record<string, string> = {}): Promise<void> => {
  const values = {
    Name: 'quarters',
    Layers: '16, 12, 4',
    Steps: '240',
    'Batch size': '8',
    'Learning rate': '0.1',
    'Checkpoint every': '16',
    'Commit every': '3',
    'Segments drawn': '5',
    ...changes,
  }
  for (const [label, value] of Object.entries(values)) await field(page, label).fill(value)
  for (const [legend, salt] of [
    ['Training data', 1],
    ['Held-out data', 2],
  ] as const) {
    const group = page.getByRole('group', { name: legend })
    const buffer = Buffer.from(tinyData(salt === 1 ? 96 : 32, salt))
    await group.locator('input[type=file]').setInputFiles({ name: 'data.safetensors', mimeType: '', buffer })
    await group.getByText('samples of 16 pixels').waitFor()
  }
  await page.getByRole('button', { name: 'Draw a seed' }).click()
}

export const orderIdIn = (page: Page): number => Number(/orders\/(\d+)/.exec(page.url())?.[1])
