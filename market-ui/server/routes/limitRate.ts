import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { HttpProblem } from '../errors.ts'
import { senderOf } from '../store/senderOf.ts'

/** Bounds what one sender may ask of a scope's routes in a minute. `what` names it in the refusal. */
export const limitRate = async (app: FastifyInstance, perMinute: number, what: string): Promise<void> => {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => senderOf(request.ip),
    errorResponseBuilder: (_request, { after }) => tooMany(perMinute, what, after),
  })
}

const tooMany = (perMinute: number, what: string, after: string) =>
  new HttpProblem(
    429,
    `Too many ${what}`,
    `This address sent more than ${perMinute} ${what} in a minute.`,
    `Try again in ${after}.`,
  )
