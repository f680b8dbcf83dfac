import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'smol-toml'
import { pathKeys } from '../../config/config.ts'
import { parseConfig } from '../../config/readConfig.ts'
import { ConfigInvalid } from '../../errors.ts'

export type PresentSettings = { text: string; values: Record<string, unknown> }

/**
 * A configuration that is there already: its text, and its values with paths made absolute; undefined if there
 * is none. Throws ConfigInvalid if it cannot be read or is wrong: it is not replaced unseen.
 */
export async function presentSettings(file: string): Promise<PresentSettings | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new ConfigInvalid(`The configuration ${file} cannot be read.`, 'Check its path and mode.', {
      cause,
    })
  }
  parseConfig(text, file)
  const values: Record<string, unknown> = parse(text, { integersAsBigInt: 'asNeeded' })
  for (const key of pathKeys) {
    if (typeof values[key] === 'string') values[key] = resolve(dirname(file), values[key])
  }
  return { text, values }
}
