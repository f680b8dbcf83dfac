import { readFileSync, writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import type { Replayer } from '../image/runImage.ts'
import { canonicalBytes } from '../json.ts'
import { replayerOption } from '../replayerOption.ts'
import type { Rim } from '../rim.ts'
import { type Calibration, calibrate } from './calibrate.ts'
import { compareBundle, type ToleranceReport } from './compareBundle.ts'
import { type Profile, parseProfile } from './profile.ts'

type Common = { replayer?: Replayer; json?: true }

/** `trainyard-verify tolerance`: bundles of other hardware, compared within what honest machines differ by. */
export function toleranceCommand(rim: Rim): Command {
  const command = new Command('tolerance').description(
    'compare a bundle with replays on unlike hardware, within what honest machines differ by; it never convicts',
  )
  command.addCommand(compareCommand(rim))
  command.addCommand(calibrateCommand(rim))
  return command
}

function compareCommand(rim: Rim): Command {
  return new Command('compare')
    .description('replay each window of a bundle here, and judge how far its end is from the claimed one')
    .argument('<bundle>', 'bundle directory')
    .requiredOption('--profile <file>', 'what calibrate wrote for this job')
    .addOption(replayerOption())
    .option('--json', 'print the verdicts as JSON')
    .action((bundle: string, { profile, replayer, json }: Common & { profile: string }) => {
      const report = compareBundle(bundle, parseProfile(readFileSync(profile)), replayer)
      rim.say(json ? JSON.stringify(report, finite) : reportText(report))
      rim.exitWith(report.verdict)
    })
}

function calibrateCommand(rim: Rim): Command {
  return new Command('calibrate')
    .description('write a tolerance profile from bundles of honest runs of other machines, replayed here')
    .argument(
      '<pair=bundle...>',
      'hardware that made and replays it, and the bundle: a100/h100=./run1',
      pairOf,
    )
    .requiredOption('--out <file>', 'where to write the profile')
    .option('--alpha <chance>', 'chance that an honest window is outside', alphaOf, 0.001)
    .addOption(replayerOption())
    .option('--json', 'print the profile as JSON')
    .action((bundles: Calibration[], options: Common & { out: string; alpha: number }) => {
      const profile = calibrate(bundles, options.alpha, options.replayer)
      writeFileSync(options.out, canonicalBytes(profile), { flag: 'wx' })
      rim.say(options.json ? JSON.stringify(profile) : profileText(profile))
      rim.exitWith('valid')
    })
}

function pairOf(text: string, former: Calibration[] | undefined): Calibration[] {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('must be pair=bundle')
  return [...(former ?? []), { pair: text.slice(0, at), dir: text.slice(at + 1) }]
}

function alphaOf(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('must be between 0 and 1')
  return value
}

/** JSON has no Infinity. */
function finite(_key: string, value: unknown): unknown {
  return value === Infinity ? null : value
}

function reportText({ verdict, unusual, windows }: ToleranceReport): string {
  const lines = windows.map(({ window, segments: [first, end], word, margin, reasons }) => {
    const times = margin === null ? '' : `, ${margin.toPrecision(3)} of its threshold`
    return `window ${window} (segments ${first} to ${end - 1}): ${word}${times}${reasons.map((why) => `; ${why}`).join('')}`
  })
  return [...lines, ...unusual, verdict].join('\n')
}

function profileText({ alpha, levels }: Profile): string {
  return levels
    .map(({ steps, n, pairs, thresholds: { e, cosine, loss }, usual: { half, most } }) => {
      const limits = `e ${e.toPrecision(3)}, 1-cos ${cosine.toPrecision(3)}, loss ${loss.toPrecision(3)}`
      const usually = `e ${half.e.toPrecision(3)} in half of a run, ${most.e.toPrecision(3)} in nine tenths`
      return `${steps} steps: ${limits}; ${usually} (alpha ${alpha}, ${n} replays of ${pairs.map(({ name }) => name).join(', ')})`
    })
    .join('\n')
}
