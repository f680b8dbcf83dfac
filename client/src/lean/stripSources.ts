import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileIsThere } from '../engine/fileIsThere.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'

/** What the daemon loads of its own. */
const FOLDERS = ['client/src', 'contracts/bindings', 'verifier/src']

/**
 * Writes the daemon's sources without their types into a folder, each under the hash of what it was made of (which
 * bin/daemon.mjs looks up), and deletes what is out of date. Only this user may write there: it is run.
 */
export async function stripSources(root: string, into: string): Promise<void> {
  // Node says that stripping is an experiment; it is the same that it does when it runs a source.
  const listeners = process.listeners('warning')
  process.removeAllListeners('warning')
  try {
    await stripAll(root, into)
  } finally {
    for (const listener of listeners) process.on('warning', listener)
  }
}

async function stripAll(root: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true, mode: 0o700 })
  const wanted = new Set<string>()
  for (const folder of FOLDERS) {
    const names = await readdir(join(root, folder), { recursive: true })
    for (const name of names.filter((found) => found.endsWith('.ts') && !found.includes('node_modules'))) {
      const source = await readFile(join(root, folder, name), 'utf8')
      const stripped = `${createHash('sha256').update(source).digest('hex')}.js`
      wanted.add(stripped)
      const path = join(into, stripped)
      if (!(await fileIsThere(path))) await writeFileAtomic(path, stripTypeScriptTypes(source))
    }
  }
  for (const name of await readdir(into)) if (!wanted.has(name)) await rm(join(into, name), { force: true })
}
