import { machineStatuses, proofModes } from '@trainyard/contracts/words.ts'
import { z } from 'zod'
import { benchmarkSchema } from './benchmarkSchema.ts'
import { address, atSeconds, count, hash, id, wei } from './fields.ts'
import { disputeSummarySchema } from './schemas.ts'

export const offerSchema = z.object({
  offerId: id,
  pricePerHourWei: wei,
  minSeconds: count,
  maxSeconds: count,
  expiresAt: atSeconds,
})

const shortText = z.string().max(200)

/** What the seller says the machine is; the chain holds its hash. */
export const specsSchema = z.object({
  /** Where it stands: a word that nothing checks. */
  region: z.string().max(40).nullable(),
  cpu: z.object({ brand: shortText, cores: count }),
  memoryBytes: count,
  diskBytes: count,
  os: z.object({ distro: shortText, release: shortText, kernel: shortText }),
  gpus: z
    .array(
      z.object({
        model: shortText,
        memoryBytes: count,
        driverVersion: shortText.nullable(),
        cudaVersion: shortText.nullable(),
        /** How many of them. */
        count,
      }),
    )
    .max(64),
})

/** Answers to questions asked of an endpoint: a machine is up that says within seconds that it is this one. */
const uptimeSchema = z.object({ asked: count, answered: count })

export const machineSchema = z.object({
  machineId: id,
  owner: address,
  status: z.enum(machineStatuses),
  hardwareClass: z.string(),
  endpoint: z.string(),
  /** Null while this store does not have them, or they are not what the chain has the hash of. */
  specs: specsSchema.nullable(),
  currentOrderId: id.nullable(),
  completed: count,
  failed: count,
  expired: count,
  offer: offerSchema.nullable(),
  /** Of the last seven days, as this server saw it; null: it was not asked. */
  uptime: uptimeSchema.nullable(),
  /** Daily average of its credits, faded to now (docs/hashrate.md). */
  effectiveNutPerDay: id,
  /** Orders whose audit passed and that are settled, and when the last of them was; null: none. */
  proved: z.object({ orders: count, lastAt: atSeconds }).nullable(),
  /** Which its class has auditors enough for; null while that is not known. */
  proofModes: z.array(z.enum(proofModes)).nullable(),
})

export const machinesSchema = z.object({ machines: z.array(machineSchema) })

export const machineDetailSchema = machineSchema.extend({
  specUri: z.string().nullable(),
  /** Seats in its hardware class; null while that is not known. */
  auditors: count.nullable(),
  /** What the chain counts besides orders done. */
  record: z.object({ lateStartSeconds: count, overrunSeconds: count, feeBurnedWei: wei }),
  lastHeartbeatAt: atSeconds,
  /** How this server found its endpoint; null: it was not asked. Days count from 1970, oldest first, at most thirty. */
  watched: z
    .object({ days: z.array(uptimeSchema.extend({ day: count })), askedAt: atSeconds, answeredAt: atSeconds })
    .nullable(),
  /** What its endpoint said that the seller measured, and when it said so; null: nothing. */
  benchmark: benchmarkSchema.extend({ saidAt: atSeconds }).nullable(),
  /** Offers in the order they were made. */
  offers: z.array(
    z.object({
      offerId: id,
      pricePerHourWei: wei,
      minSeconds: count,
      maxSeconds: count,
      txHash: hash,
      at: atSeconds.nullable(),
    }),
  ),
  orderCount: count,
  /** About its orders, newest first, the last hundred. */
  disputes: z.array(disputeSummarySchema),
})

export const imageQuerySchema = z.object({ image: z.string().regex(/^sha256:[0-9a-f]{64}$/) })

/** What a machine says of an image when it is asked, and how orders of that image ended in its class lately. */
export const imageOnMachineSchema = z.object({
  /** Null: it did not answer, or did not say. */
  takes: z.boolean().nullable(),
  /** The seller answers with its stake for equal bits. */
  vouches: z.boolean(),
  /** Orders that auditors passed, so that some have the image. */
  passed: count,
  /** Orders that nobody passed in time. */
  unaudited: count,
})

/** What a machine has been seen to do (docs/hashrate.md): nano-ut as whole numbers in text, one ut is 4.32e11 operations. */
export const scoreSchema = z.object({
  machineId: id,
  decpNut: id,
  tecpNut: id,
  totalNut: id,
  /** Daily averages with a half-life of one week. */
  effectiveDecpNutPerDay: id,
  effectiveTecpNutPerDay: id,
  effectiveNutPerDay: id,
  creditedAt: atSeconds,
  device: z.object({
    /** What counts; the last round alone is lastMflops. */
    mflops: id,
    lastMflops: id,
    fresh: z.boolean(),
    measuredAt: atSeconds,
    round: count,
    /** MiB that it was seen to hold at the same time: audited. */
    memoryMiB: count,
    /** The report of that round; null without one, or where the node has forgotten it. */
    report: z
      .object({
        size: count,
        products: count,
        seconds: count,
        /** Products are audited, gflops the machine's word. */
        precisions: z.array(z.object({ name: z.string(), products: count, gflops: count })),
        /** The machine's word: nobody measures these but itself. */
        claims: z.object({
          memoryMBPerSecond: count,
          diskMBPerSecond: count,
          networkMBPerSecond: count,
          clockMHz: count,
          driver: z.string(),
        }),
      })
      .nullable(),
  }),
})

export type Specs = z.infer<typeof specsSchema>
export type MachineDetail = z.infer<typeof machineDetailSchema>
export type ImageOnMachine = z.infer<typeof imageOnMachineSchema>
export type Score = z.infer<typeof scoreSchema>
export type Machine = z.infer<typeof machineSchema>
export type Machines = z.infer<typeof machinesSchema>
