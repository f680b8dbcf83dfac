import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Route, readRoute } from '../../web/url.ts'

const manifestSchema = z.record(
  z.string(),
  z.object({ file: z.string(), imports: z.array(z.string()).default([]) }),
)

/** The script of each page that is loaded by itself, as the build's manifest names it. */
const scripts: Readonly<Partial<Record<Route['page'], string>>> = {
  order: 'order/OrderPage.tsx',
  newOrder: 'ordering/NewOrderPage.tsx',
  machine: 'machine/MachinePage.tsx',
  dispute: 'dispute/DisputePage.tsx',
  tx: 'tx/TxPage.tsx',
  jobs: 'jobs/JobsPage.tsx',
  sell: 'sell/SellPage.tsx',
  audit: 'audit/AuditPage.tsx',
  inbox: 'inbox/InboxPage.tsx',
  settings: 'settings/SettingsPage.tsx',
}

/**
 * The `link` header for a page's address: its own script and what that imports, so that a browser asks for them at once and
 * not after the first script has run. Undefined where there is none to name.
 */
export const pageHints = async (webDir: string, path: string): Promise<string | undefined> => {
  const script = scripts[readRoute(path).page]
  if (script === undefined) return undefined
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(webDir, 'manifest.json'), 'utf8')))
    const files = new Set<string>()
    const add = (name: string): void => {
      const chunk = manifest[name]
      if (chunk === undefined || files.has(chunk.file)) return
      files.add(chunk.file)
      for (const imported of chunk.imports) add(imported)
    }
    add(script)
    return [...files].map((file) => `</${file}>; rel=modulepreload`).join(', ') || undefined
  } catch {
    return undefined // pages of an older build: they load as they did
  }
}
