import type { Notice } from '../api/accountSchemas.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import type { Hub } from '../live/Hub.ts'
import type { NoticeReader } from '../notices/NoticeReader.ts'
import { requestAddress } from '../relay/requestAddress.ts'
import { signPayload } from './signPayload.ts'
import type { Webhook, WebhookStore } from './WebhookStore.ts'

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 600_000
/** Then it is left alone until its owner adds it again. */
const MAX_FAILURES = 12
const READ_AT_ONCE = 200
const SEND_TIMEOUT_MS = 10_000
/** A reorganised chain may bring something earlier than what was told; further back nothing is looked for. */
const LOOK_BACK_BLOCKS = 256

type Parts = {
  readonly store: WebhookStore
  readonly rows: ChainRows
  readonly notices: NoticeReader
  readonly allowPrivate: boolean
}

/**
 * Tells webhooks what concerns their accounts: each notice at least once, in order, oldest first, again until the
 * receiver answers with success. Only public addresses are asked, checked where the connection is made.
 */
export class WebhookSender {
  readonly #parts: Parts
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #running = new Map<string, Promise<void>>()
  #isStopping = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Starts with what is due from before, then goes by changes. Returns what ends it. */
  follow(hub: Hub): () => Promise<void> {
    const stopListening = hub.listen(({ change }) => {
      if (change.topic === 'order' || change.topic === 'all') this.wakeAll()
    })
    this.wakeAll()
    return async () => {
      stopListening()
      this.#isStopping = true // what is on its way is waited for, so that it is not sent twice
      for (const timer of this.#timers.values()) clearTimeout(timer)
      await Promise.allSettled(this.#running.values())
    }
  }

  wakeAll(): void {
    for (const { id, failures } of this.#parts.store.list())
      if (failures === 0) this.#wake(id, 0)
      else if (!this.#timers.has(id)) this.#wake(id, retryMs(failures))
  }

  #wake(id: string, afterMs: number): void {
    if (this.#isStopping || this.#timers.has(id)) return
    const timer = setTimeout(() => {
      this.#timers.delete(id)
      if (this.#running.has(id)) return this.#wake(id, FIRST_RETRY_MS)
      const run = this.#tell(id)
        .catch(() => this.#wake(id, FIRST_RETRY_MS)) // our own database did not answer
        .finally(() => this.#running.delete(id))
      this.#running.set(id, run)
    }, afterMs)
    this.#timers.set(id, timer)
  }

  async #tell(id: string): Promise<void> {
    const { store, rows, notices } = this.#parts
    const webhook = store.list().find((one) => one.id === id)
    if (webhook === undefined || webhook.failures >= MAX_FAILURES) return
    const head = (await rows.cursor())?.number ?? 0
    const from = Math.max(webhook.fromBlock, head - LOOK_BACK_BLOCKS)
    const due = (await notices.read(webhook.account, READ_AT_ONCE, from)).reverse()
    for (const notice of due) {
      if (this.#isStopping) return
      if (store.wasSent(id, notice.id)) continue
      const problem = await this.#send(webhook, notice)
      const now = nowSeconds()
      if (problem === undefined) store.noteSent(id, notice.id, now)
      else {
        store.noteFailure(id, problem, now)
        return this.#wake(id, retryMs(webhook.failures + 1))
      }
    }
  }

  /** What went wrong, or undefined. */
  async #send({ url, secret }: Webhook, notice: Notice): Promise<string | undefined> {
    const body = JSON.stringify({ type: 'trainyard.notice', version: 1, notice })
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Trainyard market',
      'trainyard-event-id': notice.id,
      'trainyard-signature': signPayload(secret, body, nowSeconds()),
    }
    const signal = AbortSignal.timeout(SEND_TIMEOUT_MS)
    try {
      const { allowPrivate } = this.#parts
      const answer = await requestAddress({ url, what: 'The address', body, headers, allowPrivate, signal })
      answer.destroy() // what it says is of no use
      const status = answer.statusCode ?? 0
      return status >= 200 && status < 300 ? undefined : `The address answered with status ${status}.`
    } catch (error) {
      return error instanceof Error ? error.message : 'It could not be reached.'
    }
  }
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000)
const retryMs = (failures: number): number => Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS)
