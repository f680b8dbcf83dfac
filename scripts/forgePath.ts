import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** forge's binary: from npm on Linux, from PATH elsewhere. npm's own wrapper around it always exits 0. */
export function forgePath(): string {
  const platform = `@foundry-rs/forge-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${platform}/package.json`)), 'bin', 'forge')
  } catch {
    return 'forge'
  }
}
