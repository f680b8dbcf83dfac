import { mkdirSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { connect } from '@trainyard/contracts/context.ts'
import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { destination, type Logger, pino } from 'pino'
import { withRounds } from '../beacon/withRounds.ts'
import type { Auditor, AuditorEvent } from './auditor.ts'
import type { WatchConfig } from './config.ts'
import { createContentCache } from './contentCache.ts'
import { replaysIn } from './createStretchRunner.ts'
import { ensureSeat } from './ensureSeat.ts'
import { openJournal } from './journal.ts'
import { runLoop } from './runLoop.ts'
import { tellRelays } from './tellRelays.ts'

const STDERR = 2
const RECONNECT_MS = 1_000
const CONNECT_TRIES = 60

/** Connects, takes a seat if there is none, and audits until `signal` aborts. Prints one ready line on stdout. */
export async function watch(
  config: WatchConfig,
  options: { json: boolean; signal: AbortSignal },
): Promise<void> {
  const log = pino({ base: { part: 'auditor' } }, destination({ dest: STDERR, sync: true }))
  const keystore = await readKeystore({ file: config.keystore, passwordFile: config.passwordFile })
  const { rpc: rpcUrl, deployment, dataDir, store, bondWei } = config
  const connected = await untilReached(() => connect({ rpcUrl, deployment, signer: keystore }), log)
  const context = withRounds(connected, config.drandRelays)
  // On Substrate chains another signer than the keystore's own, with another address.
  const signer = signerOf(context)
  const account = await signer.getAddress()
  const journal = openJournal(dataDir, deployment, account)
  try {
    const hardwareClass = hardwareClassOf(config.hardwareClass)
    const tookSeat = await untilReached(() => ensureSeat(context, { account, hardwareClass, bondWei }), log)
    const content = createContentCache(dataDir, store)
    clearReplays(dataDir)
    const emit = (event: AuditorEvent) => {
      log.info(event, event.event)
      if (options.json) print(event)
    }
    const auditor: Auditor = { config, context, signer, account, journal, content, log, emit }
    void tellRelays(context, config.drandRelays, log)
    log.info({ account, tookSeat }, 'auditing')
    print({ ready: true, url: null, account })
    await runLoop(auditor, options.signal)
  } finally {
    journal.close()
  }
}

/** What a process that was killed left of its replays is of no use to this one. */
function clearReplays(dataDir: string): void {
  rmSync(replaysIn(dataDir), { recursive: true, force: true })
  mkdirSync(replaysIn(dataDir))
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

async function untilReached<T>(work: () => Promise<T>, log: Logger): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ChainUnreachable) || tries === CONNECT_TRIES) throw error
      log.warn({ err: error }, 'waiting for the chain')
      await sleep(RECONNECT_MS)
    }
  }
}
