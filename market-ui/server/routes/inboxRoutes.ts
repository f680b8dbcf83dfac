import { getAddress, isAddress } from 'ethers'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { noticesSchema } from '../api/accountSchemas.ts'
import { HttpProblem } from '../errors.ts'
import type { NoticeReader } from '../notices/NoticeReader.ts'
import { limitRate } from './limitRate.ts'

const MAX_NOTICES = 100
const REQUESTS_PER_MINUTE = 600

const querySchema = z.object({ account: z.string().refine(isAddress).transform(getAddress) })

/** `GET /api/inbox?account=`: what happened that concerns an account, newest first. All of it is on the public chain. */
export const inboxRoutes = (notices: NoticeReader) => async (app: FastifyInstance) => {
  await limitRate(app, REQUESTS_PER_MINUTE, 'requests for notices')
  app.get('/api/inbox', async (request, reply) => {
    const query = querySchema.safeParse(request.query)
    if (!query.success) throw noAccount()
    const found = await notices.read(query.data.account, MAX_NOTICES)
    return reply.header('cache-control', 'no-store').send(noticesSchema.parse({ notices: found }))
  })
}

const noAccount = () =>
  new HttpProblem(
    400,
    'Not an account',
    'The address does not name an account.',
    'Give ?account= an address.',
  )
