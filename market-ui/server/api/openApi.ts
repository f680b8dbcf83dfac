import { jobSchema } from '@trainyard/verifier/job.ts'
import { z } from 'zod'
import { auditorSchema, auditorsSchema, noticesSchema } from './accountSchemas.ts'
import { imageOnMachineSchema, machineDetailSchema, machinesSchema, scoreSchema } from './machineSchemas.ts'
import {
  activitySchema,
  awaitedRoundsSchema,
  chainSchema,
  disputeSchema,
  disputesSchema,
  healthSchema,
  orderSchema,
  ordersSchema,
  roundSchema,
  templatesSchema,
} from './schemas.ts'

type Answer = { readonly summary: string; readonly schema: z.ZodType; readonly query?: readonly string[] }

/** Every address of the read API with what it answers. Paths are those of the routes. */
const answers: Readonly<Record<string, Answer>> = {
  '/api/health': { summary: 'The chain, the last block followed, and how that stands', schema: healthSchema },
  '/api/chain': { summary: 'Contracts and parameters', schema: chainSchema },
  '/api/templates': { summary: 'Jobs a buyer may start from', schema: templatesSchema },
  '/api/machines': { summary: 'All machines', schema: machinesSchema },
  '/api/machines/{id}': { summary: 'One machine with its offers', schema: machineDetailSchema },
  '/api/machines/{id}/score': {
    summary: 'What a machine has been seen to do: credits, averages, device score',
    schema: scoreSchema,
  },
  '/api/machines/{id}/image': {
    summary: 'Whether a machine takes an image and answers for it, and how orders of it ended',
    schema: imageOnMachineSchema,
    query: ['image'],
  },
  '/api/orders': {
    summary: 'Orders, newest first',
    schema: ordersSchema,
    query: ['limit', 'before', 'account', 'seller', 'machineId'],
  },
  '/api/orders/{id}': { summary: 'One order with everything known of it', schema: orderSchema },
  '/api/orders/{id}/job': { summary: 'The job of an order', schema: jobSchema },
  '/api/orders/{id}/rounds': {
    summary: 'drand rounds that an order waits for, and that nobody has shown the contracts',
    schema: awaitedRoundsSchema,
  },
  '/api/rounds/{id}': { summary: 'A drand round with its signature, verified', schema: roundSchema },
  '/api/disputes': { summary: 'Disputes that are not closed, newest first', schema: disputesSchema },
  '/api/disputes/{id}': { summary: 'One dispute: claims, jury, money', schema: disputeSchema },
  '/api/auditors': {
    summary: 'Who was drawn for the newest orders, and what it earned them',
    schema: auditorsSchema,
  },
  '/api/auditors/{account}': {
    summary: 'What an account was drawn for and paid as an auditor',
    schema: auditorSchema,
  },
  '/api/inbox': {
    summary: 'What concerns an account, newest first',
    schema: noticesSchema,
    query: ['account'],
  },
  '/api/activity': { summary: 'The last events about orders', schema: activitySchema },
}

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  moneyMoved: z.boolean(),
  suggestion: z.string(),
  requestId: z.string(),
})

/** The read API as an OpenAPI 3.1 document, from the schemas that every answer passes before it leaves. */
export const openApi = (): Record<string, unknown> => ({
  openapi: '3.1.0',
  info: {
    title: 'Trainyard market',
    version: '1',
    description: 'Amounts are wei as text, times seconds since 1970.',
  },
  paths: Object.fromEntries(
    Object.entries(answers).map(([path, answer]) => [path, { get: toOperation(path, answer) }]),
  ),
})

const toOperation = (path: string, { summary, schema, query = [] }: Answer) => ({
  summary,
  parameters: [
    ...(/\{(\w+)\}/.test(path)
      ? [{ name: /\{(\w+)\}/.exec(path)?.[1], in: 'path', required: true, schema: { type: 'string' } }]
      : []),
    ...query.map((name) => ({ name, in: 'query', required: false, schema: { type: 'string' } })),
  ],
  responses: {
    200: { description: summary, content: { 'application/json': { schema: toSchema(schema) } } },
    default: {
      description: 'What went wrong (RFC 9457)',
      content: { 'application/problem+json': { schema: toSchema(problemSchema) } },
    },
  },
})

/** Checks that JSON Schema has no word for, such as an address's checksum, are left out. */
const toSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' })
