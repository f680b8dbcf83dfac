import { Command } from 'commander'
import type { Replayer } from '../image/runImage.ts'
import { replayerOption } from '../replayerOption.ts'
import type { Rim } from '../rim.ts'
import { type RefereeVerdict, referee } from './referee.ts'

const WORDS = {
  agree: 'A and B agree',
  'a-wrong': 'A is wrong',
  'b-wrong': 'B is wrong',
  'both-wrong': 'both are wrong',
} as const

/** `trainyard-verify referee`: two sellers' runs of one job, and which of them is right where they part. */
export function refereeCommand(rim: Rim): Command {
  return new Command('referee')
    .description('compare two bundles of one job, and replay the first segment on which they differ')
    .argument('<a>', "one seller's bundle")
    .argument('<b>', "the other's")
    .addOption(replayerOption())
    .option('--json', 'print the verdict as JSON')
    .action(async (a: string, b: string, { replayer, json }: { replayer?: Replayer; json?: true }) => {
      const verdict = await referee({ a, b }, replayer)
      rim.say(json ? JSON.stringify(verdict) : textOf(verdict))
      rim.exitWith(verdict.word === 'agree' ? 'valid' : 'invalid')
    })
}

function textOf({ word, compared, segments, divergence, reasons }: RefereeVerdict): string {
  const lines = [...reasons]
  if (divergence) {
    const { segment, window, claims } = divergence
    lines.push(`they part in segment ${segment} (window ${window}): ${claims.join(', ')}`)
  } else if (reasons.length === 0) {
    const { a, b } = segments
    lines.push(`${compared} segments compared${a === b ? '' : `; A committed ${a}, B ${b}`}`)
  }
  return [...lines, WORDS[word]].join('\n')
}
