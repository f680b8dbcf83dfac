import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { readConfig } from './config.ts'
import { startServer } from './startServer.ts'

const USAGE = 'Usage: node market-ui/server/cli.ts --config FILE [--parent-pipe]'

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { config: { type: 'string' }, 'parent-pipe': { type: 'boolean' } },
  })
  if (values.config === undefined) throw new Error(USAGE)
  const logger = pino({ name: 'market', level: 'info' }, pino.destination({ dest: 2, sync: true }))
  const server = await startServer(await readConfig(values.config), logger)

  let isStopping = false
  const stop = (): void => {
    if (isStopping) return // Ctrl-C and the parent's pipe may both arrive
    isStopping = true
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  if (values['parent-pipe']) process.stdin.on('end', stop).on('error', stop).resume()

  process.stdout.write(`${JSON.stringify({ ready: true, url: server.url })}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
