import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import type { Replayer } from '../image/runImage.ts'
import { replayerOption } from '../replayerOption.ts'
import type { Rim } from '../rim.ts'
import { nodeUrl } from '../urlOption.ts'
import { reportBundle } from './report.ts'

/** `trainyard-verify report`: what `verify` finds, as one page for people. */
export function reportCommand(rim: Rim): Command {
  return new Command('report')
    .description('verify a bundle and write what was found as one HTML file')
    .argument('<bundle>', 'bundle directory')
    .option('--out <file>', 'file to write', 'report.html')
    .option('--rpc <url>', 'compare the order with this chain too, and show its money', nodeUrl)
    .addOption(replayerOption())
    .action(async (bundle: string, options: { out: string; rpc?: string; replayer?: Replayer }) => {
      const { out, rpc, replayer } = options
      const { verdict, page } = await reportBundle(bundle, { rpc, replayer })
      writeFileSync(out, page)
      rim.say(`${verdict.verdict}: ${out}`)
      rim.exitWith(verdict.verdict)
    })
}
