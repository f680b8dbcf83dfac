import { type Command, Option } from 'commander'
import { type JobMode, jobModes } from '../jobModes.ts'
import {
  addChainOptions,
  type ChainOptions,
  orderNumber,
  storeOption,
  wholeNumber,
  yesOption,
} from '../options.ts'
import type { Rim } from '../rim.ts'

export type OrderOptions = ChainOptions & {
  job: string
  data: string[]
  mode?: JobMode
  toleranceProfile?: string
  store?: string
  offer?: bigint
  with?: bigint
  maxSeconds: number
  stepMicros: number
  resumeFrom?: bigint
  yes?: true
}

/** `trainyard order`: buys training. */
export function addOrder(program: Command, rim: Rim): void {
  addChainOptions(program.command('order'))
    .description('buyer: order a job')
    .requiredOption('--job <file>', 'job (JSON)')
    .option('--data <file...>', "the job's data files", [])
    .addOption(
      new Option('--mode <mode>', 'how it is proved, instead of what the job says').choices(jobModes),
    )
    .option(
      '--tolerance-profile <file>',
      'thresholds for --mode tolerance, as trainyard-verify calibrates them',
    )
    .addOption(storeOption())
    .option('--offer <id>', 'offer; else the cheapest free one', orderNumber)
    .option(
      '--with <id>',
      "with --mode refereed: the other seller's offer; else the cheapest free one",
      orderNumber,
    )
    .option('--max-seconds <seconds>', 'longest paid time', wholeNumber, 3600)
    .option('--step-micros <micros>', 'agreed time of a step', wholeNumber, 5000)
    .option('--resume-from <order>', "begin with this proved order's last checkpoint", orderNumber)
    .addOption(yesOption())
    .action(async (options: OrderOptions) => {
      const { orderCommand } = await import('../orderCommand.ts')
      await orderCommand(options, rim)
    })
}
