/** What a driver is asked to run: one stretch of a job's training in a prepared job directory. */
export type RunSpec = {
  orderId: string
  runId: string
  /** Holds spec.json, data/, in/ and out/ (the job contract). Only out/ is written by the job. */
  jobDir: string
  fromStep: number
  toStep: number
  limits: { cpus: number; memoryBytes: number; diskBytes: number; pids: number }
  /** Image to run instead of the driver's own: an Id (sha256:...) or repository@sha256:..., loaded already. */
  image?: string
  /** What the image's entrypoint is given instead of the image's own arguments. */
  command?: readonly string[]
  /** Run the benchmark that lies beside the image's own program instead of that. */
  program?: 'benchmark'
  /** UUIDs of the GPUs that the job is given; none unless named. */
  gpus?: readonly string[]
  /** host:port names that the job may reach; no network at all unless named. */
  egress?: readonly string[]
}

export type ImageWanted = {
  imageId: string
  source: string | undefined
  /** Told now and then while it is pulled, in words. */
  onProgress: (message: string) => void
}

export type RunState =
  | { kind: 'running' }
  /** overDisk: out/ holds more than limits.diskBytes; such a run was killed, or is not worth reading. */
  | { kind: 'exited'; exitCode: number; oomKilled: boolean; overDisk?: true }
  | { kind: 'missing' }

/** Runs jobs. A run outlives the daemon: after a restart it is found again by its runId. */
export interface Driver {
  readonly name: 'docker' | 'process'
  /** Why jobs are given no GPUs here; undefined if they are. */
  readonly gpuRefusal?: string
  /**
   * Has an image that the engine lacks pulled from `source`, which names it by digest, and checks that it is the image
   * of that Id; without a source it must be there. Errors: ImageNotLoaded, EngineUnreachable.
   */
  fetchImage?(image: ImageWanted, signal: AbortSignal): Promise<void>
  /** Idempotent by runId: a run that exists already, running or exited, is left as it is. */
  start(run: RunSpec): Promise<void>
  inspect(runId: string): Promise<RunState>
  /** Resolves once the run is not running any more, or with its current state when signal aborts. */
  wait(runId: string, signal: AbortSignal): Promise<RunState>
  /** Asks the job to stop (SIGTERM), and kills it after graceMs. A run that is not running is fine. */
  stop(runId: string, graceMs: number): Promise<void>
  /** Forgets the run and frees what it holds, out/ included: read first. A missing run is fine. */
  remove(runId: string): Promise<void>
  /** Replays lines from sinceMs (Unix time) on and follows until the run ends or signal aborts. */
  logs(
    runId: string,
    sinceMs: number,
    onLine: (line: { at: number; stream: 'stdout' | 'stderr'; line: string }) => void,
    signal: AbortSignal,
  ): Promise<void>
  /** Ids of all runs that this driver holds. */
  list(): Promise<string[]>
  /**
   * Removes what crashes left behind: runs that are older than minAgeMs and belong to no open order, and
   * everything made for runs that are no more. Resolves with the ids of the runs that it removed.
   */
  sweep(isOpen: (orderId: string) => boolean, minAgeMs: number): Promise<string[]>
}
