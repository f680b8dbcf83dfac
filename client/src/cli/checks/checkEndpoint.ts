import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'
import { z } from 'zod'
import { askRelay } from './askRelay.ts'
import { type Check, check } from './check.ts'
import { isPublicHost } from './isPublicHost.ts'

const TIMEOUT_MS = 5_000
const MAX_BYTES = 1024 * 1024
const DEVNET_CHAIN_ID = 31_337

type Facts = {
  endpoint: string
  chainId: number
  machineId: bigint | undefined
  /** The market, if the store is one. */
  store: string
}

/** Whether buyers, auditors and the market reach the daemon where the chain says it is. */
export async function checkEndpoint(facts: Facts): Promise<Check[]> {
  const about = {
    id: 'endpoint',
    title: 'Daemon answers at its endpoint',
    purpose: 'Auditors fetch checkpoints there; what they cannot fetch is not paid.',
  }
  const { endpoint, machineId } = facts
  const health = await readHealth(endpoint)
  if (!health) {
    const remediation = 'Start it with "trainyard start", and let the port through firewall and router.'
    return [
      check(about, { status: 'warn', actual: `nothing at ${endpoint}`, remediation }),
      await checkPublic(facts),
    ]
  }
  const isOwn = machineId === undefined || health.machineIds.includes(String(machineId))
  const answers = check(about, {
    status: isOwn ? 'pass' : 'fail',
    actual: isOwn ? endpoint : `${endpoint} is machine ${health.machineIds.join(', ')}`,
    required: machineId === undefined ? null : `machine ${machineId}`,
    remediation: isOwn ? null : 'Correct publicEndpoint, or the port that is forwarded.',
  })
  return [answers, await checkPublic(facts), await checkFromMarket(facts.store, health.orders.at(-1))]
}

const healthSchema = z
  .object({
    machines: z.array(z.object({ machineId: z.string() })).max(64),
    orders: z.array(z.string()),
  })
  .transform(({ machines, orders }) => ({ machineIds: machines.map(({ machineId }) => machineId), orders }))

async function readHealth(endpoint: string): Promise<{ machineIds: string[]; orders: string[] } | undefined> {
  try {
    const url = `${endpoint.replace(/\/+$/, '')}/health`
    const bytes = await fetchBytes({ url, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS })
    return healthSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return undefined
  }
}

async function checkPublic({ endpoint, chainId }: Facts): Promise<Check> {
  const isPublic = await isPublicHost(endpoint).catch(() => undefined)
  const isDevnet = chainId === DEVNET_CHAIN_ID
  return check(
    {
      id: 'endpoint-public',
      title: 'Endpoint is on the internet',
      purpose: 'Others do not reach loopback and private addresses.',
    },
    {
      status: isPublic ? 'pass' : isDevnet ? 'info' : 'fail',
      actual:
        isPublic === undefined
          ? `${endpoint}: its name is not known`
          : `${endpoint}${isPublic ? '' : ': not public'}`,
      required: isDevnet ? null : 'a public address',
      remediation: isPublic || isDevnet ? null : 'Set publicEndpoint to the address that the world sees.',
    },
  )
}

async function checkFromMarket(store: string, orderId: string | undefined): Promise<Check> {
  const about = {
    id: 'endpoint-market',
    title: 'Market reaches the endpoint',
    purpose: 'The market shows live progress through its own connection to the daemon.',
  }
  if (orderId === undefined) {
    return check(about, {
      status: 'skip',
      actual: 'the market connects for orders, and there was none here yet',
    })
  }
  const said = await askRelay(store, orderId)
  if (!said)
    return check(about, {
      status: 'skip',
      actual: `${store} is no market server, or does not know the order`,
    })
  const actual = `${said.state}: ${said.message}`
  if (said.state === 'live' || said.state === 'ended') return check(about, { status: 'pass', actual })
  const remediation = 'Let the port through firewall and router, or correct publicEndpoint.'
  return said.state === 'refused'
    ? check(about, { status: 'info', actual })
    : check(about, { status: 'fail', actual, required: 'live', remediation })
}
