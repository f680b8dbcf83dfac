/** One step into a configuration: a key, or the index in a list of tables. */
type Path = readonly (string | number)[]

/**
 * The line (from 1) on which a TOML text that parses sets what is at `path`, or else the nearest thing around
 * it: its table's header, or the key whose value it is within. Undefined if nothing of the path is there.
 */
export function lineOf(text: string, path: Path): number | undefined {
  let best: { depth: number; line: number } | undefined
  for (const { path: found, line } of assignments(text)) {
    const isAround = found.length <= path.length && found.every((part, i) => part === path[i])
    if (isAround && found.length > (best?.depth ?? 0)) best = { depth: found.length, line }
  }
  return best?.line
}

function* assignments(text: string): Generator<{ path: Path; line: number }> {
  const counts = new Map<string, number>()
  let table: Path = []
  let quotes: string | undefined // of the multi-line string that is open
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1
    if (quotes !== undefined) {
      if (raw.includes(quotes)) quotes = undefined
      continue
    }
    const header = /^\s*\[(\[?)\s*([^\]]+?)\s*\]/.exec(raw)
    const key = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$/.exec(raw)
    if (header) {
      table = tablePath(keyParts(header[2]!), header[1] !== '', counts)
      yield { path: table, line }
    } else if (key) {
      yield { path: [...table, ...keyParts(key[1]!)], line }
      quotes = opensString(key[2]!)
    }
  }
}

function tablePath(parts: string[], isList: boolean, counts: Map<string, number>): Path {
  if (!isList) return parts
  const name = parts.join('.')
  const count = counts.get(name) ?? 0
  counts.set(name, count + 1)
  return [...parts, count]
}

function keyParts(text: string): string[] {
  return [...text.matchAll(/[\w-]+|"[^"]*"|'[^']*'/g)].map(([part]) => part.replace(/^["']|["']$/g, ''))
}

function opensString(value: string): string | undefined {
  const opening = /"""|'''/.exec(value)?.[0]
  return opening && value.split(opening).length === 2 ? opening : undefined
}
