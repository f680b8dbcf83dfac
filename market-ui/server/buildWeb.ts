import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const webRoot = join(import.meta.dirname, '../web')
const viteConfig = join(import.meta.dirname, '../vite.config.ts')
const lockfile = join(import.meta.dirname, '../../package-lock.json')
const STAMP = '.stamp'
const BUILD_TIMEOUT_MS = 120_000

/**
 * Builds the pages with Vite, unless what is in `outDir` was built from these very sources. Returns `outDir`, which is
 * market-ui/web/dist unless given. Readers of an earlier build keep working: files named by hash come first, the page last.
 * Rejects with what Vite printed if the sources do not build.
 */
export const buildWeb = async (outDir = join(webRoot, 'dist')): Promise<string> => {
  const stamp = await hashSources()
  const built = await readFile(join(outDir, STAMP), 'utf8').catch(() => '')
  if (built === stamp) return outDir
  await mkdir(outDir, { recursive: true })
  const draft = join(outDir, `.draft-${process.pid}`)
  try {
    await runVite(draft)
    await compress(draft)
    await publish(draft, outDir, stamp)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return outDir
}

/** In a process of its own: Vite builds for the caller's NODE_ENV, such as a test's, and keeps much memory. */
const runVite = async (outDir: string): Promise<void> => {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  const options = ['--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn']
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', viteConfig, ...options], {
    env: { NODE_ENV: 'production' },
    timeout: BUILD_TIMEOUT_MS,
  })
}

/** Next to each text file its gzip, which the server hands to browsers that take it. */
const compress = async (draft: string): Promise<void> => {
  for (const name of await readdir(draft, { recursive: true })) {
    if (!/\.(?:js|css|html|svg)$/.test(name)) continue
    const path = join(draft, name)
    await writeFile(`${path}.gz`, await promisify(gzip)(await readFile(path), { level: 9 }))
  }
}

const publish = async (draft: string, outDir: string, stamp: string): Promise<void> => {
  const files = (await readdir(draft, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(draft, join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('index.html'))
  for (const name of files) {
    // Another process may publish the same build now: folders may be there already, and equal names are equal files.
    await mkdir(dirname(join(outDir, name)), { recursive: true })
    await copyFile(join(draft, name), join(outDir, name))
  }
  await rename(join(draft, 'index.html.gz'), join(outDir, 'index.html.gz'))
  await rename(join(draft, 'index.html'), join(outDir, 'index.html'))
  await writeFile(join(outDir, STAMP), stamp)
  await removeStale(join(draft, 'assets'), join(outDir, 'assets'))
}

const removeStale = async (fresh: string, published: string): Promise<void> => {
  const kept = new Set(await readdir(fresh))
  for (const name of await readdir(published))
    if (!kept.has(name)) await rm(join(published, name), { force: true })
}

/** Pages depend on their sources, the types' names aside, and on the versions of what they are built from. */
const hashSources = async (): Promise<string> => {
  const entries = await readdir(webRoot, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(webRoot, path).startsWith('dist'))
    .sort()
  const hash = createHash('sha256')
  for (const path of [...paths, viteConfig, lockfile, import.meta.filename]) {
    const bytes = await readFile(path).catch(() => Buffer.alloc(0))
    hash.update(`${relative(webRoot, path)}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}
