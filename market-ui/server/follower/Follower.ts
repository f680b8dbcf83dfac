import { setTimeout as delay } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { read } from '@trainyard/contracts/read.ts'
import { type ContractRunner, ZeroAddress } from 'ethers'
import type { Logger } from 'pino'
import type { NodeAccess } from '../chain/NodeAccess.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import type { BlockRef, ChainId, Touched } from '../db/rowTypes.ts'
import { toStored } from '../db/stored.ts'
import type { Hub } from '../live/Hub.ts'
import { ChainNode } from './ChainNode.ts'
import { findAncestor } from './findAncestor.ts'
import { ReorganisedMeanwhile, readAdvance } from './readAdvance.ts'
import { readDeployment } from './readDeployment.ts'

const POLL_MS = 300
const RETRY_MS = 1_000
/** Blocks read and written together. A node that refuses so much in one answer is asked for less. */
const MAX_STEP_BLOCKS = 5_000

/** Where following stands; `waiting` means that the deployment file does not belong to the chain that answers. */
export type FollowerState = {
  readonly phase: 'starting' | 'waiting' | 'following' | 'unreachable'
  readonly head: BlockRef | undefined
  /** When the node last answered, milliseconds since 1970. */
  readonly answeredAtMs: number | undefined
}

type Parts = {
  readonly access: NodeAccess
  readonly deploymentPath: string
  readonly rows: ChainRows
  readonly hub: Hub
  readonly logger: Logger
  /** Most blocks of a step, for tests that stop between two. */
  readonly maxStepBlocks?: number
}

/** Follows the chain into the rows until stopped. A node that does not answer leaves them as they are. */
export class Follower {
  readonly #parts: Parts
  readonly #node: ChainNode
  readonly #stopping = new AbortController()
  #state: FollowerState = { phase: 'starting', head: undefined, answeredAtMs: undefined }
  #running: Promise<void> = Promise.resolve()
  #stepBlocks: number
  #isDrand = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#stepBlocks = parts.maxStepBlocks ?? MAX_STEP_BLOCKS
    this.#node = new ChainNode(parts.access)
  }

  /** Asks the node that is followed. */
  get runner(): ContractRunner {
    return this.#node.provider
  }

  /** Whether drand's rounds draw where it follows. */
  get isDrand(): boolean {
    return this.#isDrand
  }

  get state(): FollowerState {
    return this.#state
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#node.close()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const waitMs = await this.#round().then(
        () => POLL_MS,
        (error: unknown) => this.#failed(error),
      )
      await delay(waitMs, undefined, { signal }).catch(() => undefined) // aborted: the loop ends
    }
  }

  #failed(error: unknown): number {
    if (this.#stopping.signal.aborted || error instanceof ReorganisedMeanwhile) return 0
    this.#stepBlocks = Math.max(1, Math.floor(this.#stepBlocks / 2))
    if (this.#state.phase !== 'unreachable')
      this.#parts.logger.warn({ err: error }, 'the chain cannot be followed')
    this.#enter('unreachable')
    return RETRY_MS
  }

  async #round(): Promise<void> {
    const { rows } = this.#parts
    const head = await this.#node.block('newest')
    if (head === undefined) throw new Error('The node has no latest block.')
    const { phase, head: before } = this.#state
    this.#state = { ...this.#state, head, answeredAtMs: Date.now() }
    if (phase === 'following' && before?.hash === head.hash) return // an idle chain costs one request a round
    const chain = await this.#node.identify()
    const deployment = await this.#deployment()
    await this.#startOverIfOther(chain, deployment)
    if (deployment?.genesisHash !== chain.genesisHash) return this.#enter('waiting')
    if ((await rows.cursor())?.hash !== head.hash || (await isDue(rows)))
      await this.#catchUp(deployment, head)
    this.#enter('following')
  }

  /** Undefined also for the record of another kind of chain: this node's answers say nothing of its contracts. */
  async #deployment(): Promise<Deployment | undefined> {
    const deployment = await readDeployment(this.#parts.deploymentPath)
    return deployment && (deployment.chain ?? 'evm') === this.#parts.access.kind ? deployment : undefined
  }

  /** A reset devnet has another first block; a new deployment another Market. Rows of the old one would be lies. */
  async #startOverIfOther(chain: Omit<ChainId, 'market'>, deployment: Deployment | undefined): Promise<void> {
    const { rows, hub, logger } = this.#parts
    const known = await rows.chain()
    const market = deployment?.genesisHash === chain.genesisHash ? deployment.market : known?.market
    if (known?.genesisHash === chain.genesisHash && known.market === market) return
    if (market === undefined && known === undefined) return
    await rows.reset({ ...chain, market: market ?? '' })
    logger.info({ ...chain }, 'following another chain from its start')
    hub.publish({ topic: 'reset', genesisHash: chain.genesisHash })
  }

  async #catchUp(deployment: Deployment, head: BlockRef): Promise<void> {
    const { rows } = this.#parts
    await this.#rollBackIfForked(head)
    this.#isDrand = deployment.beacon !== ZeroAddress
    const context: ChainContext = { deployment, runner: this.#node.provider }
    if ((await rows.parameters()) === undefined)
      await rows.setParameters(toStored(await read(context, 'runtime', 'parameters', [])))
    let from = ((await rows.cursor())?.number ?? deployment.deployedBlock - 1) + 1
    do {
      const last = Math.min(from + this.#stepBlocks - 1, head.number)
      const to = last >= head.number ? head : await this.#node.block(last)
      if (to === undefined) throw new ReorganisedMeanwhile(`Block ${last} is gone.`)
      const advance = await readAdvance({ context, node: this.#node, rows }, from, to, head)
      this.#publish(await rows.apply(advance), to, head)
      from = to.number + 1
      this.#stepBlocks = Math.min(this.#stepBlocks * 2, this.#parts.maxStepBlocks ?? MAX_STEP_BLOCKS)
    } while (from <= head.number && !this.#stopping.signal.aborted)
  }

  async #rollBackIfForked(head: BlockRef): Promise<void> {
    const { rows, logger } = this.#parts
    const cursor = await rows.cursor()
    if (cursor === undefined) return
    const ancestor = await findAncestor(rows, this.#node, head)
    if (ancestor?.hash === cursor.hash) return
    logger.info({ from: cursor.number, to: ancestor?.number }, 'the chain was reorganised')
    await rows.rollbackTo(ancestor)
  }

  #publish(changed: Pick<Touched, 'orders' | 'machines'>, to: BlockRef, head: BlockRef): void {
    const { hub } = this.#parts
    for (const id of changed.orders) hub.publish({ topic: 'order', id: String(id) })
    for (const id of changed.machines) hub.publish({ topic: 'machine', id: String(id) })
    hub.publish({ topic: 'head', head: to.number, behind: head.number - to.number })
  }

  #enter(phase: FollowerState['phase']): void {
    const was = this.#state.phase
    this.#state = { ...this.#state, phase }
    const reachable = phase !== 'unreachable'
    if (reachable !== (was !== 'unreachable') || (was === 'starting' && !reachable))
      this.#parts.hub.publish({ topic: 'node', reachable })
  }
}

const isDue = async (rows: ChainRows): Promise<boolean> => {
  const { orders, machines, disputes } = await rows.pending()
  return orders.length + machines.length + disputes.length > 0
}
