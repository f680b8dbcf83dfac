import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'
import { z } from 'zod'
import { ClientError } from '../errors.ts'

const TIMEOUT_MS = 5_000
const MAX_BYTES = 1024 * 1024

const healthSchema = z.looseObject({
  machines: z.array(z.object({ name: z.string(), machineId: z.string() })),
  seller: z.string(),
  version: z.string(),
  orders: z.array(z.string()),
  phases: z.record(z.string(), z.string()),
})
const orderSchema = z.looseObject({
  orderId: z.string(),
  machineId: z.string().optional(),
  phase: z.string().optional(),
  step: z.number().optional(),
  steps: z.number().optional(),
  message: z.string().optional(),
  twin: z.string().optional(),
})

export type OrderStatus = z.infer<typeof orderSchema>
export type Status = {
  machines: { name: string; machineId: string }[]
  seller: string
  version: string
  orders: OrderStatus[]
}

/** Asks a running daemon how it does; of orders it tells only to their parties, it says the phase. */
export async function readStatus(url: string): Promise<Status> {
  const get = async (path: string): Promise<unknown> => {
    const bytes = await fetchBytes({ url: `${url}${path}`, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS })
    return JSON.parse(new TextDecoder().decode(bytes))
  }
  const answer = await get('/health').catch((cause) => {
    throw new ClientError(`No daemon answers at ${url}.`, 'Start it with "trainyard start".', {
      cause,
      exitCode: 75,
    })
  })
  const { phases, ...health } = healthSchema.parse(answer)
  const orders = await Promise.all(
    health.orders.map(async (orderId) =>
      orderSchema.parse(await get(`/orders/${orderId}`).catch(() => ({ orderId, phase: phases[orderId] }))),
    ),
  )
  return { ...health, orders }
}
