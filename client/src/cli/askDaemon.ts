import { ClientError } from '../errors.ts'
import type { DaemonFile } from '../setup/daemonFile.ts'
import { readStatus, type Status } from './readStatus.ts'

/**
 * What the daemon says that runs with a configuration; undefined if none answers, or another seller's does,
 * which got its port since.
 */
export async function askDaemon(seller: {
  daemon: DaemonFile | undefined
  account: string
}): Promise<Status | undefined> {
  const { daemon, account } = seller
  if (!daemon) return undefined
  try {
    const status = await readStatus(daemon.url)
    return status.seller.toLowerCase() === account.toLowerCase() ? status : undefined
  } catch (error) {
    if (error instanceof ClientError) return undefined
    throw error
  }
}
