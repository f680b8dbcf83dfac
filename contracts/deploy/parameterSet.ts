import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type DrandParameters, evmnetParameters } from '../bindings/drandNetwork.ts'
import type { ParameterFacts } from '../bindings/readParameters.ts'
import { DeploymentError } from './DeploymentError.ts'
import { defaultParameters } from './defaultParameters.ts'
import { devnetParameters } from './devnetParameters.ts'
import { defaultScoreParameters, devnetScoreParameters, type ScoreParameters } from './scoreParameters.ts'

/** What a runtime is deployed with, for ever. `name` is kept in the record: another set never takes a deployment up. */
export type ParameterSet = {
  readonly name: string
  readonly values: ParameterFacts
  readonly scores: ScoreParameters
  /** drand, to draw by; otherwise hashes of blocks do */
  readonly beacon?: DrandParameters
}

const sets = {
  default: {
    name: 'default',
    values: defaultParameters,
    scores: defaultScoreParameters,
    beacon: evmnetParameters,
  },
  devnet: { name: 'devnet', values: devnetParameters, scores: devnetScoreParameters },
} satisfies Record<string, ParameterSet>

/** The sets that are there by name. */
export const parameterSetNames = Object.keys(sets)

const count = z.int().nonnegative()
const wei = z
  .string()
  .regex(/^\d{1,40}$/, 'whole wei, as text')
  .transform(BigInt)

const fileSchema = z.strictObject({
  confirmSeconds: count,
  lastWindowSeconds: count,
  commitSeconds: count,
  revealSeconds: count,
  challengeSeconds: count,
  unbondingSeconds: count,
  beaconDelayBlocks: count,
  protocolFeeBps: count,
  minSeats: count,
  panelSize: count,
  auditFeePerSegmentWei: wei,
  seatStakeWei: wei,
  panelCostWei: wei,
}) satisfies z.ZodType<ParameterFacts>

/**
 * A set by name, or the market's parameters out of a JSON file (see IRuntime; scores and beacon are then the default's). The runtime itself
 * refuses values that make no sense. Throws DeploymentError
 */
export function parameterSet(nameOrFile: string): ParameterSet {
  if (nameOrFile === 'default' || nameOrFile === 'devnet') return sets[nameOrFile]
  try {
    const text = readFileSync(nameOrFile, 'utf8')
    const values = fileSchema.parse(JSON.parse(text))
    const hash = createHash('sha256').update(text).digest('hex')
    return { name: `file sha256:${hash}`, values, scores: defaultScoreParameters, beacon: evmnetParameters }
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new DeploymentError(
      `There are no parameters ${nameOrFile}: ${reason.replaceAll('\n', ' ')}. Nothing was sent.`,
      `Give ${parameterSetNames.join(', ')}, or a JSON file with all of them.`,
    )
  }
}

/** The set with another beacon: evmnet, or block. Throws DeploymentError */
export function withBeacon(set: ParameterSet, beacon: string | undefined): ParameterSet {
  if (beacon === undefined) return set
  const { name, values, scores } = set
  const other = { name: `${name}, beacon ${beacon}`, values, scores }
  if (beacon === 'block') return other
  if (beacon === 'evmnet') return { ...other, beacon: evmnetParameters }
  throw new DeploymentError(`There is no beacon ${beacon}. Nothing was sent.`, 'Give evmnet or block.')
}
