import { stringify } from 'smol-toml'
import { lineOf } from '../../config/lineOf.ts'

/**
 * Sets keys of a TOML text's top level and leaves everything else, comments included, as it is. New keys go
 * before the first table; null takes a key out.
 */
export function editToml(text: string, changes: Readonly<Record<string, string | number | null>>): string {
  let edited = text
  for (const [key, value] of Object.entries(changes)) {
    const lines = edited.split('\n')
    const at = lineOf(edited, [key])
    const assignment = value === null ? '' : stringify({ [key]: value }).trimEnd()
    if (value === null) {
      if (at !== undefined) lines.splice(at - 1, 1)
    } else if (at !== undefined) {
      const comment = /\s#[^"']*$/.exec(lines[at - 1] ?? '')?.[0] ?? ''
      lines[at - 1] = assignment + comment
    } else {
      const table = lines.findIndex((line) => /^\s*\[/.test(line))
      const end = table === -1 ? lines.length - (lines.at(-1) === '' ? 1 : 0) : table
      lines.splice(end, 0, assignment)
    }
    edited = lines.join('\n')
  }
  return edited.endsWith('\n') ? edited : `${edited}\n`
}
