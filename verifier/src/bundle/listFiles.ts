import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ArgumentInvalid } from '../errors.ts'
import { MANIFEST, MAX_FILE_BYTES } from './manifest.ts'
import { PATHS } from './paths.ts'

const MAX_ENTRIES = 100_000
const MAX_DEPTH = 4

/** Plain files of a directory tree by relative path, with their sizes, and what else was found there. */
export type Listing = { files: Map<string, number>; problems: string[] }

const MARKS: readonly string[] = [MANIFEST, PATHS.job, PATHS.order]

/**
 * Lists a directory without following links. Links, devices and oversize files are problems, and left out. Throws
 * ArgumentInvalid for a directory that nothing in it makes a bundle, such as its parent.
 */
export function listFiles(dir: string): Listing {
  if (!readdirSync(dir).some((name) => MARKS.includes(name)))
    throw new ArgumentInvalid(`${dir} is no bundle: it has neither ${MARKS.join(' nor ')}`)
  const listing: Listing = { files: new Map(), problems: [] }
  walk(dir, '', 0, listing)
  return listing
}

function walk(dir: string, prefix: string, depth: number, listing: Listing): void {
  for (const name of readdirSync(dir).sort()) {
    if (listing.files.size + listing.problems.length >= MAX_ENTRIES) {
      listing.problems.push(`more than ${MAX_ENTRIES} files`)
      return
    }
    const path = `${prefix}${name}`
    const stat = lstatSync(join(dir, name))
    if (stat.isDirectory() && depth < MAX_DEPTH) walk(join(dir, name), `${path}/`, depth + 1, listing)
    else if (!stat.isFile()) listing.problems.push(`${path} is not a plain file`)
    else if (stat.size > MAX_FILE_BYTES)
      listing.problems.push(`${path} is larger than ${MAX_FILE_BYTES} bytes`)
    else listing.files.set(path, stat.size)
  }
}
