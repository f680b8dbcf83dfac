import { orderStatuses, proofModes } from '@trainyard/contracts/words.ts'
import { z } from 'zod'
import { address, bytes32, uintText, whole } from '../fields.ts'

const UINT32 = 2 ** 32 - 1
const SAFE = Number.MAX_SAFE_INTEGER
const cidText = z.string().max(128)

/** order.json: what the chain says about an order, as of when the bundle was made. */
export const orderRecordSchema = z.strictObject({
  chainId: whole(1, SAFE),
  genesisHash: bytes32,
  contracts: z.strictObject({
    token: address,
    runtime: address,
    balances: address,
    machines: address,
    staking: address,
    market: address,
    proofs: address,
    windows: address,
    disputes: address,
    /** whose drand rounds draw; without it hashes of blocks do */
    beacon: address.optional(),
  }),
  /** the drand network of that contract, and when the order's first two windows were anchored, Unix seconds */
  drand: z
    .strictObject({
      chainHash: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
      publicKey: z.tuple([bytes32, bytes32, bytes32, bytes32]),
      genesisSeconds: whole(0, SAFE),
      periodSeconds: whole(1, SAFE),
      marginRounds: whole(0, SAFE),
      placedAt: whole(0, SAFE),
      startedAt: whole(0, SAFE),
    })
    .optional(),
  orderId: uintText,
  seller: address,
  buyer: address,
  jobHash: bytes32,
  terms: z.strictObject({
    offerId: uintText,
    jobHash: bytes32,
    maxSeconds: whole(0, UINT32),
    stepMicros: whole(0, UINT32),
    steps: whole(1, SAFE),
    stepsPerSegment: whole(1, UINT32),
    segmentsPerWindow: whole(1, UINT32),
    draws: whole(0, 65535),
    unauditedShareBps: whole(0, 65535),
    mode: z.enum(proofModes),
    /** absent in records from before there was a choice */
    vouched: z.boolean().optional(),
  }),
  windows: z
    .array(
      z.strictObject({
        root: bytes32,
        segments: whole(1, UINT32),
        lastStateRoot: bytes32,
        evidence: cidText,
        /** block of the window's commitment, or last amendment */
        blockNumber: whole(0, SAFE),
        /** number of its last amendment */
        amendment: whole(0, 255),
        /** late or amended: one segment of it more is drawn */
        extraDraw: z.boolean(),
        /** the beacon that seeds the window: its block, or drand's round, and its value */
        beaconBlock: whole(0, SAFE),
        beacon: bytes32,
        /** with drand: when it was committed, or last amended, Unix seconds */
        committedAt: whole(0, SAFE).optional(),
        /** with drand: the network's signature on that round, a point of G1 */
        roundSignature: z.tuple([bytes32, bytes32]).optional(),
      }),
    )
    .min(1, 'nothing was committed')
    .max(2 ** 20),
  drawn: z.array(whole(0, UINT32)).max(1024),
  status: z.enum(orderStatuses),
  closeReason: whole(0, 65535),
  resultCid: cidText,
  /** the proved checkpoint that it starts at; without it, it begins anew */
  resumed: z.strictObject({ orderId: uintText, window: whole(0, UINT32), stateRoot: bytes32 }).optional(),
  /** of a refereed order: the one that was placed with it, and has its beacons and seeds */
  twin: uintText.optional(),
})

export type OrderRecord = z.infer<typeof orderRecordSchema>
