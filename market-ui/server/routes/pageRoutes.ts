import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from '../errors.ts'
import { pageHints } from './pageHints.ts'

/** The light client's worker, and only it, compiles WebAssembly and connects to peers; it has no page to change. */
const LIGHT_CLIENT = /\/assets\/lightClientWorker-[^/]+\.js(?:\.gz)?$/
const LIGHT_CLIENT_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src wss: ws://127.0.0.1:* ws://localhost:*"

/** Serves the built pages; every address that is not a file, the API or the store answers with the one page. */
export const pageRoutes = async (app: FastifyInstance, webDir: string | undefined) => {
  const hasPages = webDir !== undefined && existsSync(join(webDir, 'index.html'))
  if (hasPages) {
    await app.register(fastifyStatic, {
      root: webDir,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        if (LIGHT_CLIENT.test(path)) response.header('content-security-policy', LIGHT_CLIENT_POLICY)
        const isNamedByHash = path.includes('/assets/')
        response.header('vary', 'accept-encoding')
        response.header('cache-control', isNamedByHash ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (!wantsPage(request)) throw notFound(request.url)
    if (!hasPages) throw notBuilt()
    const hints = await pageHints(webDir, request.url.replace(/\?.*$/, ''))
    if (hints !== undefined) reply.header('link', hints)
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}

const wantsPage = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  !/^\/(?:api|ipfs|store|assets)(?:\/|$|\?)/.test(request.url) &&
  (request.headers.accept ?? '').includes('text/html')

const notFound = (url: string) =>
  new HttpProblem(
    404,
    'Not found',
    `There is nothing at ${url.slice(0, 200)}.`,
    'Start from the market page at /.',
  )

const notBuilt = () =>
  new HttpProblem(
    503,
    'The pages are not built',
    'Only the API is served.',
    'Run npm start, which builds the pages.',
  )
