import { precisions, readBenchmark } from '@trainyard/contracts/readBenchmark.ts'
import { readScore } from '@trainyard/contracts/readScore.ts'
import { type ContractRunner, ZeroAddress } from 'ethers'
import { readDeployment } from '../follower/readDeployment.ts'
import type { Score } from './machineSchemas.ts'

/**
 * A machine's score from the chain itself: it fades while nothing happens, so that no followed row has it. Undefined where
 * the deployment keeps none. Throws ChainError, ChainUnreachable.
 */
export const readMachineScore = async (
  runner: ContractRunner,
  deploymentPath: string,
  machineId: number,
): Promise<Score | undefined> => {
  const deployment = await readDeployment(deploymentPath)
  if (deployment === undefined || deployment.hashrate === ZeroAddress) return undefined
  const context = { deployment, runner }
  const { device, creditedAt, ...nuts } = await readScore(context, BigInt(machineId))
  const { mflops, lastMflops, fresh, measuredAt, round, memoryMiB } = device
  const submitted = await readBenchmark(context, BigInt(machineId), device)
  return {
    machineId: String(machineId),
    decpNut: String(nuts.decpNut),
    tecpNut: String(nuts.tecpNut),
    totalNut: String(nuts.totalNut),
    effectiveDecpNutPerDay: String(nuts.effectiveDecpNutPerDay),
    effectiveTecpNutPerDay: String(nuts.effectiveTecpNutPerDay),
    effectiveNutPerDay: String(nuts.effectiveNutPerDay),
    creditedAt,
    device: {
      ...{ mflops: String(mflops), lastMflops: String(lastMflops), fresh, measuredAt, round, memoryMiB },
      report: submitted ? reportOf(submitted) : null,
    },
  }
}

const reportOf = ({ report, seconds_ }: NonNullable<Awaited<ReturnType<typeof readBenchmark>>>) => {
  const { size, products, memoryMBPerSecond, diskMBPerSecond, networkMBPerSecond, clockMHz, driver } = report
  return {
    ...{ size, products, seconds: seconds_ },
    precisions: report.precisions.map((one) => ({
      name: precisions[one.precision] ?? String(one.precision),
      ...{ products: one.products, gflops: one.gflops },
    })),
    claims: { memoryMBPerSecond, diskMBPerSecond, networkMBPerSecond, clockMHz, driver },
  }
}
