import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import { chainOption, configOption } from '../options.ts'
import type { Rim } from '../rim.ts'

/** `trainyard start`: runs the daemon until it is told to stop. */
export function addStart(program: Command, rim: Rim): void {
  program
    .command('start')
    .description('seller: run the daemon')
    .addOption(configOption())
    .addOption(chainOption())
    .option('--parent-pipe', 'end when stdin closes')
    .option('--json', 'for symmetry: the ready line is JSON always')
    .action(async (options: { config: string; chain?: string; parentPipe?: true }) => {
      const parentPipe = options.parentPipe ?? false
      const env = options.chain === undefined ? rim.env : { ...rim.env, TRAINYARD_CHAIN: options.chain }
      const { becomeLean } = await import('../../lean/becomeLean.ts')
      await becomeLean({ config: options.config, parentPipe, env })
      // Loading leaves a heap of hundreds of megabytes behind unless it is told to stay small before.
      setFlagsFromString('--optimize-for-size')
      setFlagsFromString('--semi-space-growth-factor=1')
      const { runDaemon } = await import('../../runDaemon.ts')
      const { PATH: searchPath } = rim.env
      const code = await runDaemon({
        config: options.config,
        env,
        parentPipe,
        ...(searchPath === undefined ? {} : { searchPath }),
      })
      rim.exitWith(code === 0 || code === 75 ? code : 1)
    })
}
