import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/config.ts'
import { ClientError } from '../errors.ts'
import type { Journal } from '../journal/openJournal.ts'

/**
 * Binds the API and returns its URL. With port 0 the port of the last start is tried first, so that the
 * endpoint on chain stays right. Throws ClientError if the port is taken.
 */
export async function listen(
  app: FastifyInstance,
  at: Config['listen'],
  journal: Pick<Journal, 'fact' | 'saveFact'>,
): Promise<string> {
  const former = at.port === 0 ? journal.fact<number>('port') : undefined
  const url = await bind(app, at, former ?? at.port).catch((error) => {
    if (former === undefined) throw error
    return bind(app, at, 0)
  })
  journal.saveFact('port', Number(new URL(url).port))
  return url
}

async function bind(app: FastifyInstance, at: Config['listen'], port: number): Promise<string> {
  try {
    return await app.listen({ host: at.host, port })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    const why = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${String(code)})`
    throw new ClientError(`Port ${port} of ${at.host} ${why}.`, 'Choose another port under "listen".', {
      cause,
    })
  }
}
