import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readReputation } from '@trainyard/contracts/readReputation.ts'
import { daemonAnswers } from '../daemonAnswers.ts'
import type { SellerContext, SellerMachine } from '../withSeller.ts'

/** How others see the machine: sign of life, record, and whether its endpoint answers from here. */
export async function readHealth({ chain }: SellerContext, { machineId }: SellerMachine) {
  if (machineId === undefined) return undefined
  const [{ machine, seller }, { endpoint, status }] = await Promise.all([
    readReputation(chain, machineId),
    readMachine(chain, machineId),
  ])
  return {
    status,
    endpoint,
    endpointAnswers: endpoint !== '' && (await daemonAnswers(endpoint.replace(/\/+$/, ''))),
    lastHeartbeatAt: machine.lastHeartbeatAt,
    machine,
    seller,
  }
}

export type Health = Awaited<ReturnType<typeof readHealth>>
