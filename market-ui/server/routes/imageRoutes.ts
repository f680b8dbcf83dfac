import type { FastifyInstance } from 'fastify'
import type { ImageReader } from '../api/ImageReader.ts'
import { imageOnMachineSchema, imageQuerySchema } from '../api/machineSchemas.ts'
import { HttpProblem } from '../errors.ts'
import { notKnown, parseId } from './apiRoutes.ts'
import { limitRate } from './limitRate.ts'

/** Each asks a stranger's machine. */
const PER_MINUTE = 60

/** `GET /api/machines/:id/image?image=sha256:…`: for buyers, before they order a job in an image. */
export const imageRoutes = (images: ImageReader) => async (app: FastifyInstance) => {
  await limitRate(app, PER_MINUTE, 'questions about images')
  app.get<{ Params: { id: string } }>('/api/machines/:id/image', async (request, reply) => {
    const query = imageQuerySchema.safeParse(request.query)
    if (!query.success) throw notAnImage()
    const stop = new AbortController()
    request.raw.on('close', () => stop.abort())
    const found = await images.of(parseId(request.params.id), query.data.image, stop.signal)
    if (found === undefined) throw notKnown('machine', request.params.id)
    reply.header('cache-control', 'no-store')
    return imageOnMachineSchema.parse(found)
  })
}

const notAnImage = () =>
  new HttpProblem(400, 'Not an image', 'The address does not name one.', 'Send ?image=sha256: and 64 digits.')
