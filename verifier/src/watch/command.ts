import { type ChainKind, chainKinds } from '@trainyard/contracts/chainKinds.ts'
import { Command, Option } from 'commander'
import { readConfig } from './config.ts'
import { watch } from './watch.ts'

const EXIT_NOT_RUN = 2

/** `trainyard-verify watch`: the auditor service. Runs until SIGTERM, SIGINT, or the parent's pipe closes. */
export function watchCommand(): Command {
  return new Command('watch')
    .description('audit drawn orders: replay their segments, give verdicts, settle')
    .requiredOption(
      '--config <file>',
      'JSON configuration: rpc, deployment, keystore, passwordFile, hardwareClass, store, dataDir',
    )
    .addOption(
      new Option('--chain <kind>', 'refuse a deployment for another kind of chain').choices(chainKinds),
    )
    .option('--json', 'print one JSON event per line on stdout')
    .option('--parent-pipe', 'exit when stdin closes')
    .action(async (options: { config: string; chain?: ChainKind; json?: true; parentPipe?: true }) => {
      const signal = endOf(options.parentPipe ?? false)
      try {
        await watch(await readConfig(options.config, options.chain), { json: options.json ?? false, signal })
      } catch (error) {
        if (!(error instanceof Error && 'suggestion' in error)) throw error
        const advice = String(error.suggestion)
        process.stderr.write(`${error.message}${error.message.includes(advice) ? '' : ` ${advice}`}\n`)
        process.exit(EXIT_NOT_RUN)
      }
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
