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
      await watch(config, { json: options.json ?? false, signal: endOf(options.parentPipe ?? false) })
      // Nothing is worth waiting for: what was begun is in the journal.
      process.exit(0)
    })
}

/** Aborts when this process is asked to end, or its parent is gone. Asking twice is harmless. */
function endOf(parentPipe: boolean): AbortSignal {
  const controller = new AbortController()
  const end = () => controller.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  if (parentPipe) process.stdin.on('end', end).on('close', end).on('error', end).resume()
  return controller.signal
}
