import type { z } from 'zod'
import { ConfigInvalid } from '../errors.ts'
import {
  type ConfigKey,
  configKeys,
  machineSchema,
  priceScriptSchema,
  scheduledPriceSchema,
} from './config.ts'
import { variableOf } from './environment.ts'
import { lineOf } from './lineOf.ts'
import { nearestOf } from './nearestOf.ts'

const MAX_TOLD = 5
/** Keys of the tables within the configuration. */
const keysWithin: Readonly<Record<string, readonly string[]>> = {
  priceSchedule: Object.keys(scheduledPriceSchema.shape),
  priceScript: Object.keys(priceScriptSchema.shape),
  machines: Object.keys(machineSchema.shape),
}

type Source = { text: string; path: string; overrides: ReadonlyMap<ConfigKey, unknown> }
type Issue = z.core.$ZodIssue

/** Says in words what is wrong with a configuration, where, and what is allowed there. */
export function describeIssues(error: z.ZodError, source: Source): ConfigInvalid {
  const told = error.issues.flatMap((issue) => describeIssue(issue, source))
  const rest = told.length > MAX_TOLD ? ` And ${told.length - MAX_TOLD} more.` : ''
  const unknown = error.issues.find(({ code }) => code === 'unrecognized_keys')
  return new ConfigInvalid(
    told.slice(0, MAX_TOLD).join(' ') + rest,
    unknown
      ? `Correct what is named; keys allowed there: ${allowedAt(unknown.path).join(', ')}.`
      : 'Correct what is named.',
  )
}

function describeIssue(issue: Issue, source: Source): string[] {
  if (issue.code !== 'unrecognized_keys') {
    const isMissing = issue.code === 'invalid_type' && issue.input === undefined && !isThere(issue, source)
    const what = isMissing ? 'is missing' : `is wrong: ${issue.message}`
    return [`${placeOf(issue.path, source)}: "${issue.path.map(String).join('.') || 'file'}" ${what}.`]
  }
  return issue.keys.map((key) => {
    const path = [...issue.path, key]
    const meant = nearestOf(key, allowedAt(issue.path))
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    return `${placeOf(path, source)}: "${path.map(String).join('.')}" is not a known key${hint || '.'}`
  })
}

function isThere({ path }: Issue, { text, overrides }: Source): boolean {
  if (path.length === 1 && overrides.has(path[0] as ConfigKey)) return true
  return path.length === 1 && lineOf(text, keysOf(path)) !== undefined
}

function placeOf(path: readonly PropertyKey[], { text, path: file, overrides }: Source): string {
  const key = path[0] as ConfigKey
  if (overrides.has(key)) return variableOf(key)
  const line = lineOf(text, keysOf(path))
  return line === undefined ? file : `${file}, line ${line}`
}

function allowedAt(path: readonly PropertyKey[]): readonly string[] {
  return path.length === 0 ? configKeys : (keysWithin[tableOf(path)] ?? [])
}

/** The innermost named table: machines.0.priceScript is a priceScript. */
function tableOf(path: readonly PropertyKey[]): string {
  return String(path.findLast((part) => typeof part === 'string') ?? '')
}

function keysOf(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((part) => (typeof part === 'number' ? part : String(part)))
}
