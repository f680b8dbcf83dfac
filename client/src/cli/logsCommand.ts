import { join } from 'node:path'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { signGrant } from '@trainyard/verifier/grant.ts'
import type { StreamEvent } from '../buyer/parseEventStream.ts'
import { readEventStream } from '../buyer/readEventStream.ts'
import type { Config } from '../config/config.ts'
import { readConfig } from '../config/readConfig.ts'
import { ClientError } from '../errors.ts'
import { openJournal } from '../journal/openJournal.ts'
import { readDeployment } from '../readDeployment.ts'
import { type DaemonFile, readDaemonFile } from '../setup/daemonFile.ts'
import { askDaemon } from './askDaemon.ts'
import { readAddress } from './readAddress.ts'
import type { Rim } from './rim.ts'
import type { Say } from './say.ts'
import { parseData, textOfEvent } from './textOfEvent.ts'
import type { LogsOptions } from './verbs/logs.ts'

const SETTLED = 'settled'

/**
 * Prints what an order's daemon has told of it, from the daemon, or from its journal if it does not run. Throws
 * ClientError if the order is not known there.
 */
export async function logsCommand(orderId: bigint, options: LogsOptions, rim: Rim): Promise<void> {
  const config = await readConfig(options.config, rim.env)
  const say = rim.say(options)
  const daemon = await readDaemonFile(config.dataDir)
  const account = await readAddress(config)
  const isRunning = daemon !== undefined && (await askDaemon({ daemon, account })) !== undefined
  const wanted = ({ event }: StreamEvent) => options.only === undefined || event === options.only
  if (options.follow) {
    if (!isRunning)
      throw new ClientError('The daemon does not run: there is nothing to follow.', 'Leave --follow out.')
    for await (const event of follow(config, daemon, orderId, rim.interrupted())) {
      if (wanted(event)) tell(say, event)
    }
    return
  }
  const all = isRunning ? await kept(config, daemon, orderId) : fromJournal(config.dataDir, orderId)
  const events = all.filter(wanted).slice(-(options.tail ?? all.length))
  const told = events.map(({ id, event, data }) => ({ id, event, data: parseData(data) }))
  say.answer({ orderId, events: told }, events.map(textOfEvent).join('\n') || 'Nothing was told.')
}

function tell(say: Say, event: StreamEvent): void {
  say.line({ id: event.id, event: event.event, data: parseData(event.data) }, textOfEvent(event))
}

async function kept(config: Config, daemon: DaemonFile, orderId: bigint): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  const stream = await openStream(config, daemon, orderId, {
    once: true,
    signal: AbortSignal.timeout(60_000),
  })
  for await (const event of stream) events.push(event)
  return events
}

async function* follow(config: Config, daemon: DaemonFile, orderId: bigint, signal: AbortSignal) {
  for await (const event of await openStream(config, daemon, orderId, { once: false, signal })) {
    yield event
    const data = event.event === 'state' ? parseData(event.data) : undefined
    if (typeof data === 'object' && data !== null && 'phase' in data && data.phase === SETTLED) return
  }
}

/** The seller itself is a party of all its orders. */
async function openStream(
  config: Config,
  daemon: DaemonFile,
  orderId: bigint,
  options: { once: boolean; signal: AbortSignal },
) {
  const { chainId, market } = await readDeployment(config.deployment)
  const signer = await readKeystore({ file: config.keystore, passwordFile: config.passwordFile })
  const headers = async () => ({
    authorization: await signGrant(signer, { chainId, market, audience: signer.address, orderId }),
  })
  const endpoint = async () => ({ base: daemon.url, headers })
  return readEventStream({ endpoint, orderId, ...options })
}

function fromJournal(dataDir: string, orderId: bigint): StreamEvent[] {
  const journal = openJournal(join(dataDir, 'journal.sqlite'))
  try {
    const id = String(orderId)
    if (!journal.loadOrders().some(({ state }) => state.orderId === id)) {
      throw new ClientError(
        `Order ${orderId} is not on this machine.`,
        '"trainyard status --json" lists its orders.',
      )
    }
    return journal.eventsOf(id).map((event) => ({ ...event, id: String(event.id) }))
  } finally {
    journal.close()
  }
}
