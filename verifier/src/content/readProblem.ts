import { z } from 'zod'

const MAX_BYTES = 8 * 1024
const MAX_CHARS = 300

const text = z.string().max(MAX_CHARS)
const problemSchema = z.looseObject({ title: text, detail: text.optional() })

/** What a server says in its problem+json (RFC 9457): title and detail as sentences, or '' if it says nothing readable. */
export async function readProblem(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES) return ''
    chunks.push(chunk)
  }
  try {
    const { title, detail } = problemSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    return [title, detail]
      .filter((part) => part !== undefined)
      .map(sentence)
      .join(' ')
  } catch {
    return ''
  }
}

/** Whoever answers may send anything: a terminal gets no control characters. */
function sentence(untrustedText: string): string {
  const line = untrustedText.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim()
  return /[.!?]$/.test(line) ? line : `${line}.`
}
