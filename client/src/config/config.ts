import { chainKinds } from '@trainyard/contracts/chainKinds.ts'
import { z } from 'zod'
import { regionSchema } from '../facts/machineFacts.ts'
import { isTimeZone } from './isTimeZone.ts'

const WEI = 'expected a whole number of wei, such as "36000000000000000000"'
const wei = z
  .union(
    [z.number().int().nonnegative(WEI), z.bigint().nonnegative(WEI), z.string().regex(/^\d{1,78}$/, WEI)],
    { error: WEI },
  )
  .transform((value) => BigInt(value))
const price = wei.refine((value) => value > 0n, 'expected more than 0')
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' })
/** Ethereum nodes are asked over http, Substrate nodes over a WebSocket. */
const nodeUrl = z.url({ protocol: /^(http|ws)s?$/, error: 'expected an http, https, ws or wss URL' })
const path = z.string().min(1, 'expected a path')

const listen = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'expected host:port, such as 127.0.0.1:8585')
  .transform((text) => {
    const at = text.lastIndexOf(':')
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
  })
  .refine(({ port }) => port <= 65535, 'expected a port from 0 to 65535')

export const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time from 00:00 to 24:00')

/** A price for some hours of some days. `to` not after `from` means the next day. */
export const scheduledPriceSchema = z.strictObject({
  days: z
    .array(z.enum(weekDays))
    .min(1, 'expected at least one day')
    .prefault([...weekDays]),
  from: time.prefault('00:00'),
  to: time.prefault('24:00'),
  pricePerHourWei: price,
})

/** Thirds, as decimals, add up to a little less or more than 1. */
const SHARE_ROUNDING = 1e-6

/** A program that says the price; see setup/price/runPriceScript.ts for what it reads and writes. */
export const priceScriptSchema = z.strictObject({
  command: z.array(z.string().min(1).max(4096)).min(1, 'expected a program and its arguments').max(32),
  timeoutSeconds: z.int().min(1).max(60).prefault(10),
  everySeconds: z.int().min(30).max(86_400).prefault(300),
  minPerHourWei: price,
  maxPerHourWei: price,
})

const gpu = z
  .string()
  .regex(
    /^(GPU|MIG)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "expected a GPU's UUID, as nvidia-smi -L says",
  )
const gpus = z.array(gpu).max(64)

const maxSeconds = z
  .int()
  .min(60)
  .max(2 ** 31)
const hardwareClass = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'expected lower-case letters, digits, dots and dashes')
const imageId = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 lower-case hex digits')
const images = z.array(imageId).max(32)
const imageReference = z
  .string()
  .regex(
    /^[a-z0-9]([a-zA-Z0-9./:_-]{0,254}[a-z0-9])?@sha256:[0-9a-f]{64}$/,
    'expected an image by digest, such as registry.example/name@sha256:...',
  )
const target = z
  .string()
  .regex(/^[a-z0-9.-]{1,253}:[1-9]\d{0,4}$/, 'expected a host and a port, such as pypi.org:443')
const egress = z.union([z.enum(['any', 'none']), z.array(target).min(1).max(256)], {
  error: 'expected "any", "none", or a list of hosts and ports such as "pypi.org:443"',
})
/** As a machine announces them. */
const proofModes = z
  .array(z.enum(['none', 'bitwise', 'tolerance', 'refereed']))
  .min(1, 'expected at least one mode')
  .max(4)
const priceSchedule = z.array(scheduledPriceSchema).max(100)

/** A part of the host that is sold as a machine of its own; what it leaves out is as for the whole. */
export const machineSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected lower-case letters, digits and dashes'),
  gpus: gpus.prefault([]),
  /** Of the host's processors, memory and disk; those that say none share what the others leave. */
  share: z.number().gt(0).max(1).optional(),
  pricePerHourWei: price.optional(),
  priceSchedule: priceSchedule.optional(),
  priceScript: priceScriptSchema.optional(),
  maxSeconds: maxSeconds.optional(),
  hardwareClass: hardwareClass.optional(),
  images: images.optional(),
  vouchedImages: images.optional(),
  egress: egress.optional(),
  proofModes: proofModes.optional(),
})

const configShape = z.strictObject({
  rpc: nodeUrl,
  /** What the deployment's record says; a wrong guess is refused at the start. */
  chain: z.enum(chainKinds).optional(),
  deployment: path,
  /** Asked in this order when rpc does not answer or lags behind; transactions go to all. */
  rpcFallbacks: z.array(nodeUrl).max(4, 'expected at most 4').prefault([]),
  keystore: path,
  passwordFile: path,
  dataDir: path,
  listen: listen.prefault('127.0.0.1:8585'),
  publicEndpoint: httpUrl.max(200).optional(),
  /** Where Prometheus reads; without it a port near 9640 on loopback. */
  metricsListen: listen.optional(),
  store: httpUrl,
  /** Where drand's rounds are asked for, in this order, on a chain that they draw on; none: the public relays of evmnet. */
  drandRelays: z.array(httpUrl).max(8, 'expected at most 8').prefault([]),
  driver: z.enum(['docker', 'process']),
  pricePerHourWei: price,
  priceTimeZone: z
    .string()
    .refine(isTimeZone, 'expected a time zone such as Europe/Berlin or UTC')
    .prefault('UTC'),
  priceSchedule: priceSchedule.prefault([]),
  priceScript: priceScriptSchema.optional(),
  maxSeconds,
  bondWei: wei,
  hardwareClass: hardwareClass.prefault('canonical'),
  /** Where the machine stands: a word to buyers, which nothing checks. */
  region: regionSchema.optional(),
  /** Ids of images whose jobs are accepted. */
  images: images.prefault([]),
  /**
   * Of these, the images that the seller answers for with its stake: that they give the same bits on every machine of the
   * class, whatever job they run. For the canonical trainer it always does.
   */
  vouchedImages: images.prefault([]),
  /** Where an image of that Id is pulled from if the engine does not have it when a job asks for it. */
  imageSources: z.record(imageId, imageReference).prefault({}),
  /** What jobs may ask to reach; a job that asks for more is refused. */
  egress: egress.prefault('any'),
  /** How orders may ask to be proved; none: paid by time alone. */
  proofModes: proofModes.prefault(['bitwise']),
  /** GPUs that jobs in images are given; all of them unless named. */
  gpus: gpus.optional(),
  /** The host in parts, instead of as one machine. */
  machines: z.array(machineSchema).max(32).prefault([]),
  /** What of an order's checkpoints is kept besides those that nobody could do without; the others are recomputed. */
  checkpointMegabytes: z.int().min(0).max(1_000_000).prefault(64),
  heartbeatSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .refine((value) => value === 0 || value >= 60, 'expected 0 (never) or at least 60')
    .prefault(3600),
  /** Take part in benchmarks, drills and rewards while no order is on the machine. */
  score: z.enum(['on', 'off']).prefault('off'),
  /** Image to measure with on the machine's GPUs: one with our PyTorch helper; without it the canonical one, on a processor. */
  benchmarkImage: imageId.optional(),
})

/** The seller's configuration file. Paths are relative to the file. */
export const configSchema = configShape.superRefine(({ machines, gpus }, { addIssue }) => {
  const refuse = (path: (string | number)[], message: string) => addIssue({ code: 'custom', path, message })
  if (machines.length > 0 && gpus) refuse(['gpus'], 'expected in each of "machines", or no "machines"')
  const names = new Set<string>()
  const given = new Map<string, string>()
  for (const [index, { name, gpus: own }] of machines.entries()) {
    if (names.has(name)) refuse(['machines', index, 'name'], `"${name}" is another machine's name`)
    names.add(name)
    for (const uuid of own) {
      const other = given.get(uuid)
      if (other !== undefined) refuse(['machines', index, 'gpus'], `${uuid} is given to "${other}" already`)
      given.set(uuid, name)
    }
  }
  const shares = machines.reduce((sum, { share = 0 }) => sum + share, 0)
  const isOver = shares > 1 + SHARE_ROUNDING
  const leavesNone = machines.some(({ share }) => share === undefined) && shares > 1 - SHARE_ROUNDING
  if (isOver || leavesNone) {
    refuse(['machines'], `the shares add up to ${shares}: there is 1 for all machines together`)
  }
})

export type Config = Readonly<z.infer<typeof configSchema>>
export type MachineSettings = z.infer<typeof machineSchema>
export type ConfigKey = keyof typeof configSchema.shape
export type ScheduledPrice = z.infer<typeof scheduledPriceSchema>
export type PriceScript = z.infer<typeof priceScriptSchema>

export const configKeys = Object.keys(configSchema.shape) as ConfigKey[]
/** Keys that name files: relative to the configuration's folder, or from the environment to the current one. */
export const pathKeys = ['deployment', 'keystore', 'passwordFile', 'dataDir'] as const
