// Runs the daemon from sources without types, as becomeLean.ts has written them. Plain JavaScript, so that Node never
// loads its TypeScript stripper; a source that is not there, since it was changed meanwhile, is stripped by Node.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'

const { config, parentPipe, sources } = JSON.parse(process.argv[2])

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
    try {
      const hash = createHash('sha256')
        .update(readFileSync(new URL(url)))
        .digest('hex')
      const source = readFileSync(join(sources, `${hash}.js`), 'utf8')
      return { format: 'module', source, shortCircuit: true }
    } catch {
      return next(url, context)
    }
  },
})

const { runDaemon } = await import('../src/runDaemon.ts')
const { env } = process
const searchPath = env.PATH === undefined ? {} : { searchPath: env.PATH }
const code = await runDaemon({ config, env, parentPipe, ...searchPath })
process.exitCode = code === 0 || code === 75 ? code : 1
