import type { Page } from 'playwright-core'

/** Runs in the page, before its code: a browser that allows notifications, and a page that can be told it is not seen. */
export const recordNotifications = (): void => {
  const told: string[] = []
  class Recorded {
    static permission = 'default'
    static requestPermission = async () => (Recorded.permission = 'granted')
    constructor(_title: string, { body }: { body: string }) {
      told.push(body)
    }
  }
  Object.assign(window, { told, Notification: Recorded })
  addEventListener('test:hide', () =>
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' }),
  )
}

/** What the page has told. */
export const toldIn = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { told: string[] }).told)
