import helmet from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Container } from './container.ts'
import { apiRoutes } from './routes/apiRoutes.ts'
import { ballotRoutes } from './routes/ballotRoutes.ts'
import { devnetRoutes } from './routes/devnetRoutes.ts'
import { gatewayRoutes } from './routes/gatewayRoutes.ts'
import { imageRoutes } from './routes/imageRoutes.ts'
import { inboxRoutes } from './routes/inboxRoutes.ts'
import { nodeRoutes } from './routes/nodeRoutes.ts'
import { orderEventRoutes } from './routes/orderEventRoutes.ts'
import { pageRoutes } from './routes/pageRoutes.ts'
import { problemReply } from './routes/problemReply.ts'
import { roundRoutes } from './routes/roundRoutes.ts'
import { rpcRoutes } from './routes/rpcRoutes.ts'
import { storeRoutes } from './routes/storeRoutes.ts'
import { streamRoutes } from './routes/streamRoutes.ts'
import { verdictRoutes } from './routes/verdictRoutes.ts'
import { webhookRoutes } from './routes/webhookRoutes.ts'

const JSON_BODY_LIMIT_BYTES = 64 * 1024
const REQUEST_TIMEOUT_MS = 60_000
const MAX_CONNECTIONS = 2_048

/** Only what this server serves may run or be shown; styles come from a file, scripts too. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    // The one script that a page names itself: the light client's worker (web/lightClient/openLightChain.ts).
    workerSrc: ["'self'"],
    trustedTypes: ['light-client'],
  },
}

/** The HTTP server over a container: routes, headers, errors. Does not listen yet. */
export const buildApp = async (container: Container): Promise<FastifyInstance> => {
  const app = Fastify({
    loggerInstance: container.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
  })
  app.server.maxConnections = MAX_CONNECTIONS
  app.setErrorHandler(problemReply)
  await app.register(helmet, {
    contentSecurityPolicy,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  })
  const { chain, rpc, deployment } = container.config
  await app.register(apiRoutes({ ...container, chain, rpc, deployment }))
  await app.register(imageRoutes(container.images))
  await app.register(roundRoutes(container.rounds))
  await app.register(rpcRoutes(container.access.forward))
  if (chain === 'evm') await app.register(devnetRoutes(rpc))
  if (container.access.askNative) await app.register(nodeRoutes(container.access.askNative))
  await app.register(streamRoutes(container.hub))
  await app.register(
    orderEventRoutes({ relay: container.relay, rows: container.rows, deploymentPath: deployment }),
  )
  await app.register(storeRoutes(container.store))
  await app.register(verdictRoutes(container.rows, deployment))
  await app.register(ballotRoutes(container.rows, deployment))
  await app.register(inboxRoutes(container.notices))
  await app.register(
    webhookRoutes({
      ...container.webhooks,
      rows: container.rows,
      deploymentPath: deployment,
      origin: container.config.origin,
      allowPrivate: container.config.allowPrivateEndpoints,
    }),
  )
  await app.register(gatewayRoutes(container.store))
  await pageRoutes(app, container.config.webDir)
  return app
}
