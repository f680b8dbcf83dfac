import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  chainApi,
  disputeApi,
  machineApi,
  orderApi,
  type Route,
  readRoute,
  templatesApi,
} from '../../web/url.ts'

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

/** What a page's script asks for as its first (web/api/prefetch.ts). */
const firstReads = (route: Route): readonly string[] => {
  switch (route.page) {
    case 'order':
      return [orderApi(route.orderId)]
    case 'machine':
      return [machineApi(route.machineId)]
    case 'dispute':
      return [disputeApi(route.disputeId)]
    case 'newOrder':
      return [chainApi(), templatesApi()]
    default:
      return []
  }
}

/**
 * The `link` header for a page's address: its own script and what that imports, and what it reads first, so that a browser
 * asks for them at once and not after the first script has run. Undefined where there is none to name.
 */
export const pageHints = async (webDir: string, path: string): Promise<string | undefined> => {
  const route = readRoute(path)
  const script = scripts[route.page]
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
    const hints = [
      ...firstReads(route).map((url) => `<${url}>; rel=preload; as=fetch; crossorigin`),
      ...[...files].map((file) => `</${file}>; rel=modulepreload`),
    ]
    return hints.join(', ') || undefined
  } catch {
    return undefined // pages of an older build: they load as they did
  }
}
