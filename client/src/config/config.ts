import { z } from 'zod'

const wei = z
  .union([
    z.number().int().nonnegative(),
    z.bigint().nonnegative(),
    z.string().regex(/^\d{1,78}$/, 'a whole number of wei'),
  ])
  .transform((value) => BigInt(value))

const listen = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'host:port, such as 127.0.0.1:8585')
  .transform((text) => {
    const at = text.lastIndexOf(':')
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
  })
  .refine(({ port }) => port <= 65535, 'a port from 0 to 65535')

/** The seller's configuration file. Paths are relative to the file. */
export const configSchema = z.strictObject({
  rpc: z.url({ protocol: /^https?$/ }),
  deployment: z.string().min(1),
  keystore: z.string().min(1),
  passwordFile: z.string().min(1),
  dataDir: z.string().min(1),
  listen: listen.prefault('127.0.0.1:8585'),
  publicEndpoint: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .optional(),
  store: z.url({ protocol: /^https?$/ }),
  driver: z.enum(['docker', 'process']),
  pricePerHourWei: wei.refine((value) => value > 0n, 'more than 0'),
  maxSeconds: z
    .int()
    .min(60)
    .max(2 ** 31),
  bondWei: wei,
  hardwareClass: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
    .prefault('canonical'),
})

export type Config = Readonly<z.infer<typeof configSchema>>
