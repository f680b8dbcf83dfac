import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { HttpProblem } from '../errors.ts'

/** Answers an error as problem+json. What an unexpected error says stays in the log: it may name paths or addresses. */
export const problemReply = (
  error: FastifyError | HttpProblem,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  const problem = error instanceof HttpProblem ? error : fromFastify(error)
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed')
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send({
      type: 'about:blank',
      title: problem.title,
      status: problem.status,
      detail: problem.message,
      moneyMoved: problem.moneyMoved,
      suggestion: problem.suggestion,
      requestId: request.id,
    })
}

const fromFastify = (error: FastifyError): HttpProblem => {
  const status = error.statusCode ?? 500
  if (status >= 500)
    return new HttpProblem(
      500,
      'The server failed',
      'Something went wrong here; no money moved.',
      'Try again.',
    )
  return new HttpProblem(
    status,
    'The request was refused',
    error.message,
    'Correct the request and send it again.',
  )
}
