import { Command } from 'commander'
import { readConfig } from './config.ts'
import { watch } from './watch.ts'

/** `trainyard-verify watch`: the auditor service. Runs until SIGTERM, SIGINT, or the parent's pipe closes. */
export function watchCommand(): Command {
  return new Command('watch')
    .description('audit drawn orders: replay their segments, give verdicts, settle')
    .requiredOption(
      '--config <file>',
      'JSON configuration: rpc, deployment, keystore, passwordFile, hardwareClass, store, dataDir',
    )
    .option('--json', 'print one JSON event per line on stdout')
    .option('--parent-pipe', 'exit when stdin closes')
    .action(async (options: { config: string; json?: true; parentPipe?: true }) => {
      const config = await readConfig(options.config)
      await watch(config, { json: options.json ?? false, parentPipe: options.parentPipe ?? false })
    })
}
