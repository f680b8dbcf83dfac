import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { type Dice, mutate } from './mutate.ts'

const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  0.5,
  -0,
  1e21,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  '',
  '0',
  '00',
  '0x',
  `0x${'0'.repeat(64)}`,
  `0x${'F'.repeat(64)}`,
  '9'.repeat(79),
  '\ud800',
  '\u202e<b>',
  'x'.repeat(5_000),
  '__proto__',
  [],
  {},
  [[[[[[]]]]]],
]
const KEYS = ['__proto__', 'constructor', 'toString', 'version', 'extra', '']

type Slot = { get: () => unknown; set: (value: unknown) => void; drop: () => void }

/**
 * JSON with a few places changed, which stays JSON: other values, missing, new, swapped and repeated members, digits and
 * hex changed in place. Mostly in canonical form, so that it reaches what lies behind that check; sometimes as bytes.
 */
export function mutateJson(bytes: Uint8Array, roll: Dice): Uint8Array {
  if (roll(8) === 0) return mutate(bytes, roll)
  const root = { value: JSON.parse(new TextDecoder().decode(bytes)) as unknown }
  for (let changes = 1 + roll(2); changes > 0; changes--) change(root, roll)
  if (roll(16) === 0) return new TextEncoder().encode(JSON.stringify(root.value, null, 1))
  try {
    return canonicalBytes(root.value)
  } catch {
    return new TextEncoder().encode(JSON.stringify(root.value) ?? '') // not what canonical JSON can hold
  }
}

function change(root: { value: unknown }, roll: Dice): void {
  const slots = slotsOf(root)
  const slot = slots[roll(slots.length)]!
  const value = slot.get()
  const kind = roll(7)
  if (kind === 0) slot.set(structuredClone(ODD[roll(ODD.length)]))
  else if (kind === 1) slot.drop()
  else if (kind === 2) slot.set(structuredClone(slots[roll(slots.length)]!.get()))
  else if (kind === 3) grow(value, roll)
  else slot.set(near(value, roll))
}

/** A value of the same kind: what a forger would write. */
function near(value: unknown, roll: Dice): unknown {
  if (typeof value === 'number') return value + [1, -1, 2 ** 32, 0.1][roll(4)]!
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string' && value.length > 0) {
    const at = roll(value.length)
    const letter = '0123456789abcdefABCDEF'[roll(22)]!
    return value.slice(0, at) + letter + value.slice(at + (roll(8) === 0 ? 0 : 1))
  }
  if (Array.isArray(value) && value.length > 1) return value.toReversed()
  return value
}

function grow(value: unknown, roll: Dice): void {
  if (Array.isArray(value)) value.push(value.length > 0 ? structuredClone(value[roll(value.length)]) : 0)
  else if (typeof value === 'object' && value !== null) {
    const key = KEYS[roll(KEYS.length)]!
    Object.defineProperty(value, key, {
      value: structuredClone(ODD[roll(ODD.length)]),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
}

function slotsOf(root: { value: unknown }): Slot[] {
  const slots: Slot[] = [
    {
      get: () => root.value,
      set: (value) => {
        root.value = value
      },
      drop: () => undefined,
    },
  ]
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return
    const record = node as Record<string, unknown>
    for (const key of Object.keys(record)) {
      slots.push({
        get: () => record[key],
        set: (value) => {
          record[key] = value
        },
        drop: () => {
          if (Array.isArray(node)) node.splice(Number(key), 1)
          else delete record[key]
        },
      })
      walk(record[key])
    }
  }
  walk(root.value)
  return slots
}
