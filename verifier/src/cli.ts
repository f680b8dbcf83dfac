import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { beaconCommand } from './beacon/command.ts'
import { Blocked } from './bundle/blocked.ts'
import { type Comparison, replayOne } from './bundle/replayOne.ts'
import { verifyBundle } from './bundle/verify.ts'
import { disputeCommand } from './dispute/command.ts'
import type { Replayer } from './image/runImage.ts'
import { leaveCommand } from './leave/command.ts'
import { orderCommand } from './order/command.ts'
import { OrderInvalid } from './order/errors.ts'
import { printVerdict } from './printVerdict.ts'
import { problemText } from './problemText.ts'
import { refereeCommand } from './referee/command.ts'
import { replayerOption } from './replayerOption.ts'
import { reportCommand } from './report/command.ts'
import type { Rim } from './rim.ts'
import { toleranceCommand } from './tolerance/command.ts'
import { nodeUrl } from './urlOption.ts'
import { watchCommand } from './watch/command.ts'

/** Exit codes: 0 valid, 1 invalid, 2 undecided (also: could not be run at all). */
const EXIT = { valid: 0, invalid: 1, undecided: 2 } as const

const rim: Rim = {
  say: (text) => console.log(text),
  exitWith: (verdict) => {
    process.exitCode = EXIT[verdict]
  },
}

const program = new Command('trainyard-verify')
  .description('Checks that training was done as ordered, by doing it again.')
  .addHelpText('after', '\nExit codes: 0 valid, 1 invalid, 2 undecided (also: could not be run at all).')
  .exitOverride()

program
  .command('verify')
  .description('check a bundle, and replay all of its segments')
  .argument('<bundle>', 'bundle directory')
  .option('--rpc <url>', 'compare the order with this chain too', nodeUrl)
  .addOption(replayerOption())
  .option('--json', 'print the verdict as JSON')
  .action(async (bundle: string, options: { rpc?: string; replayer?: Replayer; json?: true }) => {
    const { rpc, replayer } = options
    const verdict = await verifyBundle(bundle, { rpc, replayer })
    rim.say(options.json ? JSON.stringify(verdict) : printVerdict(verdict))
    rim.exitWith(verdict.verdict)
  })

program
  .command('replay')
  .description('replay one segment of a bundle, and compare it with what its seller claims')
  .argument('<bundle>', 'bundle directory')
  .requiredOption('--segment <number>', 'segment, counted from 0', parseSegment)
  .addOption(replayerOption())
  .option('--json', 'print the comparison as JSON')
  .action((bundle: string, options: { segment: number; replayer?: Replayer; json?: true }) => {
    const comparison = replayOne(bundle, options.segment, options.replayer)
    rim.say(options.json ? JSON.stringify(jsonOf(comparison)) : linesOf(comparison))
    rim.exitWith(comparison.equal ? 'valid' : 'invalid')
  })

for (const command of [
  orderCommand(rim),
  reportCommand(rim),
  watchCommand(),
  leaveCommand(rim),
  disputeCommand(rim),
  refereeCommand(rim),
  toleranceCommand(rim),
  beaconCommand(rim),
]) {
  program.addCommand(command.copyInheritedSettings(program))
  for (const part of command.commands) part.copyInheritedSettings(program)
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function parseSegment(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('must be a whole number')
  return Number(text)
}

function jsonOf({ segment, fromStep, claimed, found, equal }: Comparison) {
  const { state: _, inner: __, ...roots } = found
  return { segment, fromStep, equal, claimed, found: roots }
}

function linesOf({ segment, fromStep, claimed, found, equal }: Comparison): string {
  const row = (name: string, own: string, theirs: string) =>
    `${name.padEnd(12)}${own === theirs ? 'equal' : `${own}, claimed ${theirs}`}`
  return [
    `segment ${segment}, steps ${claimed.firstStep} to ${claimed.lastStep}, from checkpoint ${fromStep}`,
    row('state', found.stateRoot, claimed.stateRootAfter),
    row('inner', found.innerRoot, claimed.innerRoot),
    row('batches', found.batchRoot, claimed.batchRoot),
    row('counters', found.rngRoot, claimed.rngRoot),
    equal ? 'valid' : 'invalid',
  ].join('\n')
}

/** Says what went wrong, on stderr. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.valid : EXIT.undecided
  console.error(problemText(error))
  return error instanceof Blocked || error instanceof OrderInvalid ? EXIT.invalid : EXIT.undecided
}
