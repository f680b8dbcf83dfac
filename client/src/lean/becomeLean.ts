import { join, resolve } from 'node:path'
import type { Environment } from '../config/environment.ts'
import { readConfig } from '../config/readConfig.ts'
import { stripSources } from './stripSources.ts'

const root = resolve(import.meta.dirname, '../../..')
const FLAGS = ['--optimize-for-size', '--semi-space-growth-factor=1']

/**
 * Starts the daemon in place of this process, with the same id and standard streams, from sources without types: Node's
 * TypeScript stripper would keep 20 MiB for good. Returns if that cannot be done; then the daemon runs in this process.
 */
export async function becomeLean(options: {
  config: string
  parentPipe: boolean
  env: Environment
}): Promise<void> {
  const { config, parentPipe, env } = options
  if (process.execve === undefined) return
  try {
    const { dataDir } = await readConfig(config, env)
    const sources = join(dataDir, 'code')
    await stripSources(root, sources)
    const asked = JSON.stringify({ config: resolve(config), parentPipe, sources })
    const program = join(root, 'client/bin/daemon.mjs')
    const variables = Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    // More arenas than one for each thread that allocates: glibc keeps what they freed.
    const environment = { ...variables, MALLOC_ARENA_MAX: '2' }
    process.execve(process.execPath, [process.execPath, ...FLAGS, program, asked], environment)
  } catch {
    // A configuration that is wrong, or a full disk: the daemon itself says what it thinks of that.
  }
}
