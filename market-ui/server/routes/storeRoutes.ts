import type { FastifyInstance } from 'fastify'
import { type BlockStore, MAX_BLOCK_BYTES } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import { senderOf } from '../store/senderOf.ts'
import { UploadBudget } from '../store/UploadBudget.ts'
import { limitRate } from './limitRate.ts'

/** Blocks one address may put per minute: 2 GiB of full-size UnixFS chunks in about seven minutes. */
const PUTS_PER_MINUTE = 1200

type ByCid = { Params: { cid: string } }

/** `PUT /store/blocks/:cid`: takes a raw block of at most 2 MiB after checking its hash. */
export const storeRoutes = (store: BlockStore) => async (app: FastifyInstance) => {
  await limitRate(app, PUTS_PER_MINUTE, 'blocks')
  const budget = new UploadBudget()
  app.addHook('onRequest', async (request, reply) => {
    const announced = Number(request.headers['content-length'] ?? Number.NaN)
    const giveBack = budget.take(senderOf(request.ip), Number.isNaN(announced) ? undefined : announced)
    reply.raw.once('close', giveBack)
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BLOCK_BYTES }, (_request, body, done) => {
    done(null, body)
  })

  app.put<ByCid>('/store/blocks/:cid', { bodyLimit: MAX_BLOCK_BYTES }, async (request, reply) => {
    const cid = parseBlockCid(request.params.cid)
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const isNew = await store.put(cid, bytes, senderOf(request.ip))
    return reply.code(isNew ? 201 : 200).send({ cid: cid.toString(), bytes: bytes.length })
  })
}
