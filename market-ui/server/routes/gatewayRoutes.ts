import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HttpProblem } from '../errors.ts'
import type { BlockStore } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import { limitRate } from './limitRate.ts'

const RAW = 'application/vnd.ipld.raw'

/** 1.5 GiB a minute in chunks of 256 KiB. */
const READS_PER_MINUTE = 6_000

type ByCid = { Params: { cid: string }; Querystring: { format?: string } }

/** `GET` and `HEAD /ipfs/:cid?format=raw`: blocks only, as the IPFS trustless gateway specification has them. */
export const gatewayRoutes = (store: BlockStore) => async (app: FastifyInstance) => {
  await limitRate(app, READS_PER_MINUTE, 'reads')
  const serve = async (request: FastifyRequest<ByCid>, reply: FastifyReply) => {
    const wantsRaw = request.query.format === 'raw' || (request.headers.accept ?? '').includes(RAW)
    if (!wantsRaw) throw onlyRaw()
    const cid = parseBlockCid(request.params.cid)
    const name = cid.toString()
    const etag = `"${name}.raw"`
    if (request.headers['if-none-match'] === etag) return reply.code(304).header('etag', etag).send()
    const size = await store.size(cid)
    if (size === undefined) throw notHere(name)
    reply
      .header('content-length', size)
      .type(RAW)
      .header('etag', etag)
      .header('cache-control', 'public, max-age=29030400, immutable')
      .header('vary', 'accept')
      .header('x-ipfs-path', `/ipfs/${name}`)
      .header('content-disposition', `attachment; filename="${name}.bin"`)
    if (request.method === 'HEAD') return reply.send()
    const block = await store.read(cid) // streamed: readers that are slow hold no block in memory
    if (block === undefined) throw notHere(name)
    return reply.send(block.stream)
  }
  app.get('/ipfs/:cid', { exposeHeadRoute: false }, serve)
  app.head('/ipfs/:cid', serve)
}

const onlyRaw = () =>
  new HttpProblem(
    406,
    'Only raw blocks are served here',
    'This gateway answers with blocks that the reader can check, not with files.',
    'Add ?format=raw, or send "accept: application/vnd.ipld.raw".',
  )

const notHere = (cid: string) =>
  new HttpProblem(
    404,
    'Block not found',
    `The block ${cid} is not in this store.`,
    'Ask another gateway, or put the block first with PUT /store/blocks/<cid>.',
  )
