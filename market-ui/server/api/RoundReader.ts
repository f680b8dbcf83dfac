import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readAwaitedRounds } from '@trainyard/contracts/readAwaitedRounds.ts'
import { readDrandNetwork } from '@trainyard/contracts/readDrandNetwork.ts'
import { timeOfRound } from '@trainyard/verifier/beacon/drand/network.ts'
import { withRounds } from '@trainyard/verifier/beacon/withRounds.ts'
import { type ContractRunner, toBeHex, ZeroAddress } from 'ethers'
import { HttpProblem } from '../errors.ts'
import { readDeployment } from '../follower/readDeployment.ts'
import type { AwaitedRounds, Round } from './schemas.ts'

/** Every page of one order asks the same every few seconds. */
const KEPT_MS = 3_000
const MAX_KEPT = 1_000

type Kept = { readonly askedAtMs: number; readonly answer: Promise<AwaitedRounds> }

type Parts = {
  readonly runner: () => ContractRunner
  readonly deploymentPath: string
  /** None: those that the deployment's record names. */
  readonly relays: readonly string[] | undefined
}

/** drand's rounds, for pages: which an order waits for, from the chain itself, and their signatures, from relays. */
export class RoundReader {
  readonly #parts: Parts
  #context: ChainContext | undefined
  readonly #kept = new Map<number, Kept>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The rounds that an order waits for and nobody has shown, as the chain said within the last seconds. Throws ChainUnreachable. */
  awaited(orderId: number, nowMs = performance.now()): Promise<AwaitedRounds> {
    const kept = this.#kept.get(orderId)
    if (kept && nowMs - kept.askedAtMs < KEPT_MS) return kept.answer
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear()
    const answer = this.#ask(orderId)
    this.#kept.set(orderId, { askedAtMs: nowMs, answer })
    return answer
  }

  async #ask(orderId: number): Promise<AwaitedRounds> {
    const context = await this.#connected()
    const rounds = context ? await readAwaitedRounds(context, BigInt(orderId)) : []
    if (!context || rounds.length === 0) return { rounds: [] }
    const network = await readDrandNetwork(context)
    return { rounds: rounds.map((one) => ({ ...one, thereAt: timeOfRound(network, one.round) / 1000 })) }
  }

  /** A round with the network's signature, which was verified. Throws HttpProblem where it cannot be had. */
  async round(round: number): Promise<Round> {
    const context = await this.#connected()
    if (!context?.rounds) throw notDrawn()
    const found = await context.rounds.roundOf(round).catch((cause: unknown) => {
      throw Object.assign(notHad(cause), { cause })
    })
    if (!found) throw notYet(round)
    return { round, signature: found.signature.map((word) => toBeHex(word, 32)) as [string, string] }
  }

  /** Undefined where hashes of blocks draw. What was verified is remembered as long as the contracts are the same. */
  async #connected(): Promise<ChainContext | undefined> {
    const deployment = await readDeployment(this.#parts.deploymentPath)
    if (deployment === undefined || deployment.beacon === ZeroAddress) return undefined
    const runner = this.#parts.runner()
    const known = this.#context
    if (known?.deployment.beacon !== deployment.beacon || known.runner !== runner)
      this.#context = withRounds({ deployment, runner }, this.#parts.relays)
    return this.#context
  }
}

const notDrawn = () =>
  new HttpProblem(
    404,
    'drand does not draw here',
    'Hashes of blocks draw on this chain.',
    'Nothing has to be shown.',
  )

const notYet = (round: number) =>
  new HttpProblem(
    404,
    'Not there yet',
    `drand has not come to round ${round}.`,
    'Ask again when its time has come.',
  )

const notHad = (cause: unknown) =>
  new HttpProblem(
    502,
    'The round cannot be had',
    cause instanceof Error ? cause.message : String(cause),
    'Try again in a minute, or show it from elsewhere: trainyard show-round asks relays of your choice.',
  )
