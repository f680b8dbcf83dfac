import { completed, failed, type Pages, training } from './startPages.ts'

const NO_TX = `0x${'ab'.repeat(32)}`

export const orderPage = ({ server }: Pages, orderId: bigint, tab = '') =>
  `${server.url}/orders/${orderId}${tab && `?tab=${tab}`}`

export type Visit = { readonly name: string; readonly url: (pages: Pages) => string; readonly ready: string }

export const visits: readonly Visit[] = [
  { name: 'market', url: ({ server }) => server.url, ready: 'text=#3 digits' },
  { name: 'empty market', url: ({ empty }) => empty.url, ready: 'text=No machines listed yet' },
  { name: 'training order', url: (pages) => orderPage(pages, training), ready: 'text=Chart and table' },
  { name: 'metrics of an order', url: (pages) => orderPage(pages, training, 'metrics'), ready: 'canvas' },
  {
    name: 'logs of an order',
    url: (pages) => orderPage(pages, training, 'logs'),
    ready: 'text=checkpoint written',
  },
  {
    name: 'results of an order',
    url: (pages) => orderPage(pages, completed, 'results'),
    ready: 'text=as the seller says',
  },
  {
    name: 'proofs of an order',
    url: (pages) => orderPage(pages, completed, 'proofs'),
    ready: 'text=Audit passed',
  },
  {
    name: 'payments of an order',
    url: (pages) => orderPage(pages, training, 'payments'),
    ready: 'text=Escrow held',
  },
  { name: 'failed order', url: (pages) => orderPage(pages, failed, 'proofs'), ready: 'text=Fraud found' },
  { name: 'unknown order', url: (pages) => orderPage(pages, 99n), ready: 'text=has no order 99' },
  { name: 'machine', url: ({ server }) => `${server.url}/machines/1`, ready: 'text=Price and record' },
  {
    name: 'unknown machine',
    url: ({ server }) => `${server.url}/machines/99`,
    ready: 'text=has no machine 99',
  },
  {
    name: 'new order',
    url: ({ server }) => `${server.url}/order/new?machine=1`,
    ready: 'text=Continue to Machine',
  },
  {
    name: 'further order, no checkpoint',
    url: ({ server }) => `${server.url}/order/new?resume=2`,
    ready: 'text=does not show the checkpoint',
  },
  { name: 'my jobs, no wallet', url: ({ server }) => `${server.url}/jobs`, ready: 'text=Devnet key' },
  { name: 'sell, no wallet', url: ({ server }) => `${server.url}/sell`, ready: 'text=Devnet key' },
  { name: 'inbox, no wallet', url: ({ server }) => `${server.url}/inbox`, ready: 'text=Devnet key' },
  { name: 'audit', url: ({ server }) => `${server.url}/audit`, ready: 'text=Fraud proved' },
  { name: 'settings', url: ({ server }) => `${server.url}/settings`, ready: 'text=Contract market' },
  {
    name: 'transaction',
    url: ({ server, settledTx }) => `${server.url}/tx/${settledTx}`,
    ready: 'text=market.OrderSettled',
  },
  {
    name: 'undone transaction',
    url: ({ server, undoneTx }) => `${server.url}/tx/${undoneTx}`,
    ready: 'text=The chain undid it',
  },
  {
    name: 'unknown transaction',
    url: ({ server }) => `${server.url}/tx/${NO_TX}`,
    ready: 'text=no such transaction',
  },
  { name: 'unknown page', url: ({ server }) => `${server.url}/nowhere`, ready: 'text=There is no such page' },
]

/** Between them these have every colour. */
export const inDark = new Set([
  'market',
  'training order',
  'failed order',
  'undone transaction',
  'new order',
  'sell, no wallet',
  'settings',
])
