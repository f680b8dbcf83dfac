import { join } from 'node:path'
import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'
import { type Child, startChild } from '../processes/startChild.ts'

export type LocalDrand = {
  readonly network: DrandNetwork
  readonly url: string
  readonly stop: Child['stop']
}

/**
 * Starts a drand of one node on this machine, with a round a second, in a process of its own: the yard may be busy.
 * @param file keeps its key between starts
 * @throws YardError
 */
export async function startDrand(file: string, logFile: string): Promise<LocalDrand> {
  const script = join(import.meta.dirname, 'drandNode.ts')
  const { ready, stop } = await startChild({ name: 'drand', script, args: [file], logFile })
  const { url, network } = ready as {
    url: string
    network: Omit<DrandNetwork, 'name'> & { publicKey: string[] }
  }
  const [xIm, xRe, yIm, yRe] = network.publicKey.map(BigInt) as [bigint, bigint, bigint, bigint]
  return { network: { ...network, name: 'local drand', publicKey: [xIm, xRe, yIm, yRe] }, url, stop }
}
