import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { Blocked, Undecidable } from './bundle/blocked.ts'
import { isInputError } from './bundle/read.ts'
import { type Comparison, replayOne } from './bundle/replayOne.ts'
import { verifyBundle } from './bundle/verify.ts'
import type { Replayer } from './image/runImage.ts'
import { printVerdict } from './printVerdict.ts'
import { watchCommand } from './watch/command.ts'

/** Exit codes: 0 valid, 1 invalid, 2 undecided (also: could not be run at all). */
const EXIT = { valid: 0, invalid: 1, undecided: 2 } as const

const REPLAYER = "command that runs the job's image, its words separated by spaces"

const program = new Command('trainyard-verify')
  .description('Checks that training was done as ordered, by doing it again.')
  .exitOverride()

program
  .command('verify')
  .description('check a bundle, and replay all of its segments')
  .argument('<bundle>', 'bundle directory')
  .option('--rpc <url>', 'compare the order with this chain too')
  .option('--replayer <command>', REPLAYER)
  .option('--json', 'print the verdict as JSON')
  .action(async (bundle: string, options: { rpc?: string; replayer?: string; json?: true }) => {
    const verdict = await verifyBundle(bundle, { rpc: options.rpc, replayer: wordsOf(options.replayer) })
    console.log(options.json ? JSON.stringify(verdict) : printVerdict(verdict))
    process.exitCode = EXIT[verdict.verdict]
  })

program
  .command('replay')
  .description('replay one segment of a bundle, and compare it with what its seller claims')
  .argument('<bundle>', 'bundle directory')
  .requiredOption('--segment <number>', 'segment, counted from 0', parseSegment)
  .option('--replayer <command>', REPLAYER)
  .option('--json', 'print the comparison as JSON')
  .action((bundle: string, options: { segment: number; replayer?: string; json?: true }) => {
    const comparison = replayOne(bundle, options.segment, wordsOf(options.replayer))
    console.log(options.json ? JSON.stringify(jsonOf(comparison)) : linesOf(comparison))
    process.exitCode = comparison.equal ? EXIT.valid : EXIT.invalid
  })

program.addCommand(watchCommand().copyInheritedSettings(program))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function parseSegment(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('must be a whole number')
  return Number(text)
}

function wordsOf(command: string | undefined): Replayer | undefined {
  const [program, ...args] = command?.split(' ').filter((word) => word !== '') ?? []
  return program === undefined ? undefined : [program, ...args]
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
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Blocked) {
    console.error(`The bundle cannot be replayed: it ${message}. Run verify to see why.`)
    return EXIT.invalid
  }
  const known = error instanceof Undecidable || isInputError(error) || isSystemError(error)
  console.error(known || !(error instanceof Error) ? message : error.stack)
  return EXIT.undecided
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
