import { z } from 'zod'
import type { UpstreamEvent } from './parseSse.ts'

/** What a daemon's stream may say (docs/formats.md 5). Other events are dropped. */
const schemas = {
  progress: z.object({ step: z.int().nonnegative(), loss: z.number(), samples: z.number().nonnegative() }),
  log: z.object({
    line: z.string().transform((line) => line.slice(0, 4096)),
    stream: z.string().max(16),
    at: z.union([z.number(), z.string().max(40)]),
  }),
  state: z.object({ phase: z.string().max(40), message: z.string().max(1000).nullish() }),
  /** Of the order's GPUs, as the machine says; null is what it does not know. */
  usage: z.object({
    gpus: z.int().min(1).max(1024),
    watts: z.number().nonnegative().nullable(),
    energyJ: z.number().nonnegative().nullable(),
    utilisation: z.number().min(0).max(1).nullable(),
    memoryUsedMiB: z.number().nonnegative().nullable(),
  }),
  gap: z.record(z.string(), z.unknown()),
} as const

export type FeedKind = keyof typeof schemas

export type FeedEvent =
  | { readonly kind: 'progress'; readonly data: z.infer<typeof schemas.progress> }
  | { readonly kind: 'log'; readonly data: z.infer<typeof schemas.log> }
  | { readonly kind: 'state'; readonly data: z.infer<typeof schemas.state> }
  | { readonly kind: 'usage'; readonly data: z.infer<typeof schemas.usage> }
  | { readonly kind: 'gap'; readonly data: Readonly<Record<string, unknown>> }

/** Reads one event of a daemon; undefined if it is not one we know, which a seller cannot make us keep. */
export const feedEvent = ({ event, data }: UpstreamEvent): FeedEvent | undefined => {
  if (!Object.hasOwn(schemas, event)) return undefined
  const kind = event as FeedKind
  try {
    const parsed = schemas[kind].safeParse(JSON.parse(data))
    return parsed.success ? ({ kind, data: parsed.data } as FeedEvent) : undefined
  } catch {
    return undefined
  }
}
