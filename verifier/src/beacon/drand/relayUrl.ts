import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'

/** Where a relay serves something of a network: `info`, `public/latest`, `public/ROUND`. */
export function relayUrl(relay: string, { chainHash }: DrandNetwork, path: string): string {
  return `${relay.replace(/\/+$/, '')}/${chainHash}/${path}`
}
