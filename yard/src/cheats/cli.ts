// A seller's daemon that cheats: `node cli.ts <cheat> --config FILE [--parent-pipe]`. For `npm start -- --cheat`.
import { runDaemon } from '@trainyard/client/runDaemon.ts'
import type { cheatNames } from './cheats.ts'
import { skipSteps } from './skipSteps.ts'

const cheats = { 'skip-steps': skipSteps } satisfies Record<(typeof cheatNames)[number], unknown>

const [name, ...args] = process.argv.slice(2)
const cheat = Object.entries(cheats).find(([known]) => known === name)?.[1]
if (!cheat) throw new Error(`unknown cheat ${name}; there are: ${Object.keys(cheats).join(', ')}`)
const config = args[args.indexOf('--config') + 1]
if (!args.includes('--config') || !config) throw new Error('--config FILE is missing')
process.exitCode = await runDaemon({ config, parentPipe: args.includes('--parent-pipe'), wrapDriver: cheat })
