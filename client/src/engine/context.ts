import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { OutputOf } from '@trainyard/contracts/pallets.ts'
import type { DataSet } from '@trainyard/verifier/canonical/types.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import type { Job } from '@trainyard/verifier/job.ts'
import type { AnyJob } from '@trainyard/verifier/rental.ts'
import type { AbstractSigner } from 'ethers'
import type { Logger } from 'pino'
import type { Head } from '../chain/createHead.ts'
import type { MachineConfig } from '../config/machinesOf.ts'
import type { Driver, RunSpec } from '../drivers/driver.ts'
import type { EventLog } from '../events/createEventLog.ts'
import type { Journal } from '../journal/openJournal.ts'
import type { GpuSample } from '../metrics/readGpuGauges.ts'
import type { OrderState } from '../order/state.ts'
import type { Checkpoints } from './checkpoints/createCheckpoints.ts'
import type { ProgressTail } from './createProgressTail.ts'
import type { LeafBuilder } from './leaf/createLeafBuilder.ts'
import type { Moment } from './moment.ts'
import type { OrderPaths } from './orderPaths.ts'

/** What everything in the daemon works with, for one of its machines: those share all but the first four. */
export type DaemonContext = {
  config: MachineConfig
  machineId: bigint
  limits: RunSpec['limits']
  /** UUIDs of the machine's GPUs. */
  gpus: readonly string[]
  /** What all GPUs of the host draw and do now. */
  readGpus?: () => Promise<GpuSample[]>
  logger: Logger
  chain: ChainContext
  parameters: OutputOf<'runtime', 'parameters'>
  signer: AbstractSigner
  seller: Hex
  driver: Driver
  journal: Journal
  head: Head
  /** Told of each moment as it comes; only tests listen. */
  atMoment?: (moment: Moment) => void
}

/** A daemon's machines. */
export type Machines = readonly [DaemonContext, ...DaemonContext[]]

/** What one order's effects work with. */
export type OrderContext = DaemonContext & {
  orderId: string
  paths: OrderPaths
  events: EventLog
  state(): OrderState
  /** The other one of a refereed order; undefined of any other. */
  twin(): Promise<bigint | undefined>
  /** The job, once it was fetched. */
  job(): Promise<Job>
  /** The same, also of an order without proof. */
  anyJob(): Promise<AnyJob>
  /** The job and its training data, read once while they are needed. */
  inputs(): Promise<OrderInputs>
  checkpoints: Checkpoints
  /** Hashes its checkpoints. */
  leaves: LeafBuilder
  /** Frees what the order holds in memory; it is read again if somebody asks. */
  release(): void
  /** Tells the newest step, if the last event was held back. */
  tellProgress(): void
  /** The progress of one attempt's run. */
  progress(attempt: number): ProgressTail
}

export type OrderInputs = { job: Job; train: DataSet }
