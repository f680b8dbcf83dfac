import canonicalize from 'canonicalize'
import type { z } from 'zod'
import { InputInvalid } from './errors.ts'

/** UTF-8 bytes of a value's canonical JSON (RFC 8785). Throws TypeError on what JSON cannot hold. */
export function canonicalBytes(value: unknown): Uint8Array {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('value has no JSON form')
  return new TextEncoder().encode(text)
}

/** Parses untrusted JSON: size limit first, then UTF-8, then the schema. Throws InputInvalid. */
export function parseJson<T>(bytes: Uint8Array, schema: z.ZodType<T>, what: string, maxBytes: number): T {
  if (bytes.length > maxBytes) throw new InputInvalid(what, `larger than ${maxBytes} bytes`)
  let value: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // Half a surrogate pair can only come as an escape, and has no canonical form.
    value = /\\u[dD][89a-fA-F]/.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text)
  } catch (error) {
    throw new InputInvalid(what, error instanceof Error ? error.message : 'not JSON')
  }
  const result = schema.safeParse(value)
  if (!result.success) {
    const issue = result.error.issues[0]
    throw new InputInvalid(what, `${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'wrong form'}`)
  }
  return result.data
}

function wellFormed(key: string, value: unknown): unknown {
  if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) {
    throw new SyntaxError('half a surrogate pair')
  }
  return value
}

/** As parseJson, and the bytes must be the value's canonical form, so that equal values have equal bytes. */
export function parseCanonicalJson<T>(
  bytes: Uint8Array,
  schema: z.ZodType<T>,
  what: string,
  maxBytes: number,
): T {
  const value = parseJson(bytes, schema, what, maxBytes)
  const again = canonicalBytes(value)
  if (!(again.length === bytes.length && again.every((byte, i) => byte === bytes[i]))) {
    throw new InputInvalid(what, 'not in canonical form (RFC 8785)')
  }
  return value
}
