import { precisions, readBenchmark } from '@trainyard/contracts/readBenchmark.ts'
import { readScore } from '@trainyard/contracts/readScore.ts'
import type { ChainOptions } from './options.ts'
import type { Rim } from './rim.ts'
import { withChain } from './withChain.ts'

const NUT_PER_UT = 1e9

/** A machine's score in parts, each with its age, and with what is evidence and what its own word. */
export async function scoreCommand(machineId: bigint, options: ChainOptions, rim: Rim): Promise<void> {
  await withChain(options, rim, async (context) => {
    const score = await readScore(context, machineId)
    const submitted = await readBenchmark(context, machineId, score.device)
    const { device, ...credits } = score
    const report = submitted && { ...submitted.report, seconds: submitted.seconds_ }
    rim.say(options).answer({ machineId, ...credits, device, report: report ?? null }, tell(score, report))
  })
}

type Score = Awaited<ReturnType<typeof readScore>>
type Report = NonNullable<Awaited<ReturnType<typeof readBenchmark>>>['report'] & { seconds: number }

function tell({ device, ...credits }: Score, report: Report | undefined): string {
  const ut = (nut: bigint) => `${Number(nut) / NUT_PER_UT} ut`
  const at = (seconds: number) => (seconds === 0 ? 'never' : new Date(seconds * 1000).toISOString())
  const lines = [
    `effective      ${ut(credits.effectiveNutPerDay)} a day`,
    `  training     ${ut(credits.effectiveTecpNutPerDay)} a day, weighs 0.6`,
    `  drilling     ${ut(credits.effectiveDecpNutPerDay)} a day, weighs 0.4`,
    `since joining  ${ut(credits.totalNut)}; last credit ${at(credits.creditedAt)}`,
    `matrix speed   ${device.mflops} MFLOPS, audited; measured ${at(device.measuredAt)}, round ${device.round}` +
      (device.measuredAt === 0 || device.fresh ? '' : ': stale, it counts no more'),
    `memory         ${device.memoryMiB} MiB held meanwhile, audited`,
  ]
  if (device.pendingMflops > 0n)
    lines.push(`not audited yet ${device.pendingMflops} MFLOPS, round ${device.pendingRound}`)
  if (!report) return lines.join('\n')
  const { size, products, seconds } = report
  lines.push(`evidence       ${products} products of ${size} x ${size} in ${seconds} s, sampled by auditors`)
  for (const { precision, products: done, gflops } of report.precisions) {
    lines.push(
      `  ${precisions[precision]}: ${done} products, sampled by auditors; by its own clock ${gflops} GFLOPS`,
    )
  }
  const { memoryMBPerSecond, diskMBPerSecond, networkMBPerSecond, clockMHz, driver } = report
  const rates = `memory ${memoryMBPerSecond}, disk ${diskMBPerSecond}, network ${networkMBPerSecond} MB/s`
  const clock = clockMHz === 0 ? 'no clock told' : `${clockMHz} MHz`
  lines.push(`its own word   ${rates}; ${driver}, ${clock}`)
  return lines.join('\n').replace(/[^\P{Cc}\n]/gu, '')
}
