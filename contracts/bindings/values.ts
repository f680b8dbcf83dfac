/**
 * TypeScript's view of the values in an ABI, derived from the generated `as const` ABIs so that nothing is typed
 * twice: integers up to 64 bits are numbers, wider ones bigint, the chain's enums their names.
 */
import { type EnumName, enumNames, type NamesOf } from './words.ts'

export type AbiParam = {
  readonly name: string
  readonly type: string
  readonly internalType?: string
  readonly components?: readonly AbiParam[]
}

type SmallUint = 'uint8' | 'uint16' | 'uint32' | 'uint64'

type ScalarOf<P extends AbiParam> = P extends { readonly internalType: `enum ${infer E extends EnumName}` }
  ? NamesOf<E>
  : P['type'] extends SmallUint
    ? number
    : P['type'] extends `uint${string}`
      ? bigint
      : P['type'] extends 'bool'
        ? boolean
        : string

/** The TypeScript type of one ABI parameter. */
export type ValueOf<P extends AbiParam> = P['type'] extends `${string}[]`
  ? P extends { readonly components: infer C extends readonly AbiParam[] }
    ? readonly RecordOf<C>[]
    : readonly ScalarOf<{ readonly name: P['name']; readonly type: ElementOf<P['type']> }>[]
  : P extends { readonly type: 'tuple'; readonly components: infer C extends readonly AbiParam[] }
    ? RecordOf<C>
    : ScalarOf<P>

type ElementOf<T extends string> = T extends `${infer E}[]` ? E : never

/** A struct or an event's arguments as one record. */
export type RecordOf<Ps extends readonly AbiParam[]> = { readonly [P in Ps[number] as P['name']]: ValueOf<P> }

/** A call's arguments in order. */
export type ArgumentsOf<Ps extends readonly AbiParam[]> = { readonly [I in keyof Ps]: ValueOf<Ps[I]> }

const small: ReadonlySet<string> = new Set(['uint8', 'uint16', 'uint32', 'uint64'])

function elementOf(param: AbiParam): AbiParam | undefined {
  return param.type.endsWith('[]') ? { ...param, type: param.type.slice(0, -2) } : undefined
}

/** Turns what ethers decoded into `ValueOf`. uint64 values past 2^53 (only "never" expiries) are clamped to it. */
export function fromChain(param: AbiParam, value: unknown): unknown {
  const element = elementOf(param)
  if (element) return [...(value as Iterable<unknown>)].map((item) => fromChain(element, item))
  if (param.components) return recordFromChain(param.components, value as ArrayLike<unknown>)
  if (typeof value !== 'bigint') return value
  const names = enumNames(param.internalType)
  if (names) return names[Number(value)] ?? names[0]
  if (!small.has(param.type)) return value
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
}

/** Like `fromChain` for a list of named parameters. */
export function recordFromChain(
  params: readonly AbiParam[],
  values: ArrayLike<unknown>,
): Record<string, unknown> {
  return Object.fromEntries(params.map((param, index) => [param.name, fromChain(param, values[index])]))
}

/** The inverse for arguments: enum names become their numbers, records stay records. */
export function toChain(param: AbiParam, value: unknown): unknown {
  const element = elementOf(param)
  if (element) return (value as readonly unknown[]).map((item) => toChain(element, item))
  if (param.components) {
    const record = value as Readonly<Record<string, unknown>>
    return Object.fromEntries(param.components.map((part) => [part.name, toChain(part, record[part.name])]))
  }
  const names = enumNames(param.internalType)
  return names && typeof value === 'string' ? names.indexOf(value) : value
}
