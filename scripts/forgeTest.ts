/**
 * `npm run test:contracts -- [forge test's arguments]`. Contracts are compiled as they are deployed, into out/, from where
 * BaseTest deploys them; tests without the optimizer, which takes a fifth of the time. Plain `forge test` does the same, slower.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { forgePath } from './forgePath.ts'

const root = join(import.meta.dirname, '..')

function forge(args: string[], env: Record<string, string> = {}): number {
  const path = `${join(process.execPath, '..')}:${process.env.PATH}` // solc-shim runs on this Node
  const { status, error } = spawnSync(forgePath(), args, {
    cwd: root,
    env: { ...process.env, PATH: path, ...env },
    stdio: 'inherit',
  })
  if (error) console.error(`forge could not be started: ${error.message}`)
  return status ?? 1
}

const built = forge(['build', 'contracts/src', '--quiet'])
process.exitCode =
  built ||
  forge(['test', ...process.argv.slice(2)], {
    FOUNDRY_OPTIMIZER: 'false',
    FOUNDRY_OUT: 'out/tests',
    FOUNDRY_CACHE_PATH: 'cache/tests',
  })
