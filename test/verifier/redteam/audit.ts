import { once } from 'node:events'
import { createServer } from 'node:http'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { VerdictName } from '@trainyard/contracts/verdictCommitment.ts'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { jobHash } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import type { AuditFacts } from '@trainyard/verifier/watch/auditFacts.ts'
import { auditOrder } from '@trainyard/verifier/watch/auditOrder.ts'
import { DOMAIN, SELLER, type Served } from './serve.ts'
import type { World } from './world.ts'

const ADDRESS = `0x${'00'.repeat(20)}`
const PATIENCE_MS = 60_000

/** Auditors as they are (verifier/src/watch), with sellers that they fetch checkpoints from over HTTP. */
export type AuditRoom = {
  /** Verdicts on these segments, by default on all of them, by one auditor in one sitting. */
  audit: (world: World, served: Served, drawn?: readonly number[]) => Promise<VerdictName[]>
  close: () => Promise<void>
}

/** Opens a port for the sellers' checkpoints. */
export async function openAuditRoom(): Promise<AuditRoom> {
  const sellers = new Map<string, Served>()
  const server = createServer((request, response) => {
    const [, seller = '', step = ''] = request.url?.match(/^\/(\d+)\/orders\/\d+\/checkpoints\/(\d+)$/) ?? []
    const bytes = sellers.get(seller)?.checkpoint(Number(step))
    if (bytes) response.end(bytes)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  let count = 0
  return {
    async audit(world, served, drawn = served.run.segments.map((_, segment) => segment)) {
      const seller = String(count++)
      sellers.set(seller, served)
      const verdicts = await verdictsOf(world, served, `http://127.0.0.1:${port}/${seller}`, drawn)
      sellers.delete(seller)
      return verdicts
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Segments of these verdicts that are no pass: an auditor that draws one of them refuses the order. */
export function wrongIn(verdicts: readonly VerdictName[]): number[] {
  return verdicts.flatMap((verdict, segment) => (verdict === 'pass' ? [] : [segment]))
}

async function verdictsOf(
  world: World,
  served: Served,
  endpoint: string,
  drawn: readonly number[],
): Promise<VerdictName[]> {
  const content = new Map([
    ...served.content,
    [rawCid(jobHash(world.job)), canonicalBytes(world.job)] as const,
    [world.job.data.train.cid, world.files.train] as const,
    [world.job.data.heldOut.cid, world.files.heldOut] as const,
  ])
  const audited = await auditOrder({
    facts: factsOf(world, served, endpoint),
    drawn,
    seller: { endpoint, orderId: BigInt(world.orderId), grant: 'none is asked for' },
    content: {
      async get(cid) {
        const bytes = content.get(cid)
        if (bytes) return bytes
        throw new ContentUnavailable(cid, 'not here', 404)
      },
    },
    deployment: deploymentOf(),
    final: true,
    giveUpAtMs: Date.now() + PATIENCE_MS,
    runStretch: () => {
      throw new Error('a canonical job runs in no image')
    },
  })
  return audited.map(({ report }) => report.verdict)
}

/** What the auditor reads of the order on chain; the rest of an order's facts plays no part in an audit. */
function factsOf(world: World, served: Served, endpoint: string): AuditFacts {
  const { job, size, beacons } = world
  const terms = {
    jobHash: jobHash(job),
    steps: job.steps,
    mode: 'Bitwise',
    stepsPerSegment: size.stepsPerSegment,
    segmentsPerWindow: size.segmentsPerWindow,
    draws: size.draws,
  } as OrderFacts['terms']
  return {
    orderId: BigInt(world.orderId),
    order: { seller: SELLER.address, terms } as OrderFacts,
    hardwareClass: hardwareClassOf('canonical'),
    endpoint,
    windows: served.windows,
    beacons,
    twin: undefined,
    resumed: undefined,
    resultCid: undefined,
  }
}

function deploymentOf() {
  const other = { token: ADDRESS, runtime: ADDRESS, balances: ADDRESS, machines: ADDRESS, staking: ADDRESS }
  const proving = { market: ADDRESS, proofs: ADDRESS, disputes: ADDRESS }
  const scoring = { hashrate: ADDRESS, drilling: ADDRESS, rewards: ADDRESS }
  return {
    ...DOMAIN,
    ...other,
    ...proving,
    ...scoring,
    beacon: ADDRESS,
    genesisHash: `0x${'99'.repeat(32)}`,
    deployedBlock: 1,
  }
}
