import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from './createIdentifier.ts'
import { Problem } from './Problem.ts'

/** Requests a minute: of one address, or of an account that is a party to the order it asks for. */
const STRANGER_RATE = 1_200
const PARTY_RATE = 12_000
const KNOWN_CALLERS = 5_000

/** Refuses requests that come too fast. Routes added from `next` on are limited. */
export function limitRates(
  app: FastifyInstance,
  callerOf: (request: FastifyRequest) => Caller,
  next: () => void,
): void {
  const limiting = app.register(rateLimit, {
    timeWindow: 60_000,
    cache: KNOWN_CALLERS,
    keyGenerator: (request) => callerOf(request).name,
    max: (request) => (callerOf(request).isParty ? PARTY_RATE : STRANGER_RATE),
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem(
        429,
        'Too many requests',
        'Too many requests came from this account or address within a minute.',
        `Ask again in ${Math.ceil(ttl / 1000)} seconds.`,
      ),
  })
  limiting.after(next)
}
