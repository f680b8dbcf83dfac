import { readFile } from 'node:fs/promises'
import { chainKinds } from '@trainyard/contracts/chainKinds.ts'
import { z } from 'zod'
import { ConfigError } from './errors.ts'

const listenPattern = /^(?:\[[0-9a-f:]+\]|[0-9a-z.-]+):\d{1,5}$/i

const fields = z.strictObject({
  /** How the chain is spoken to; the deployment must be one of the same kind. */
  chain: z.enum(chainKinds).default('evm'),
  /** The node's address: JSON-RPC over http(s), a Substrate node's over ws(s). */
  rpc: z.url({ protocol: /^(?:http|ws)s?$/ }),
  /** Path of the Deployment JSON. */
  deployment: z.string().min(1),
  /** host:port; port 0 takes a free one. Loopback unless said otherwise. */
  listen: z.string().regex(listenPattern, 'host:port').default('127.0.0.1:0'),
  dataDir: z.string().min(1),
  /** A Postgres database for what is followed, such as postgres:///market?host=/run/postgresql; without it a file in dataDir. */
  database: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** The built pages; without them only the API is served. */
  webDir: z.string().min(1).optional(),
  /** Folder of sample data, each in a folder of its own, that buyers may start from. */
  samplesDir: z.string().min(1).optional(),
  /** Where drand's rounds are asked for, on a chain that they draw on; default: as the deployment says, or evmnet's public relays. */
  drandRelays: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(8)
    .optional(),
  /** Where the pages are reached, such as https://market.example: webhooks need it, unless that is this very machine. */
  origin: z.url({ protocol: /^https?$/ }).optional(),
  /** Lets the relay and webhooks reach loopback and private addresses. The devnet's sellers live there; a public market's must not. */
  allowPrivateEndpoints: z.boolean().default(false),
  /** How often machines that are offered or at work are asked whether they are up; 0: never. */
  uptimeEverySeconds: z.int().min(0).max(86_400).default(300),
  /** Bytes the artifact store may take on disk. */
  storeMaxBytes: z
    .int()
    .positive()
    .default(4 * 1024 ** 3),
})

const configSchema = fields.refine(({ chain, rpc }) => (chain === 'evm') === rpc.startsWith('http'), {
  path: ['rpc'],
  error: ({ input }) =>
    (input as { chain?: string }).chain === 'evm'
      ? 'an http address for evm'
      : 'a ws address for a Substrate chain',
})

export type Config = Readonly<z.infer<typeof configSchema>>

/** Checks a configuration from outside. Throws ConfigError naming the wrong fields. */
export const parseConfig = (untrustedConfig: unknown): Config => {
  const parsed = configSchema.safeParse(untrustedConfig)
  if (!parsed.success) throw new ConfigError(`The configuration is wrong: ${z.prettifyError(parsed.error)}`)
  return Object.freeze(parsed.data)
}

/** Reads and checks a JSON configuration file. Throws ConfigError. */
export const readConfig = async (path: string): Promise<Config> => {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConfigError(`The configuration file ${path} cannot be read.`, { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ConfigError(`The configuration file ${path} is not JSON.`, { cause })
  }
  return parseConfig(value)
}
