import type { Bundle } from '../bundle/read.ts'
import type { Replayer } from '../image/runImage.ts'
import type { CheckId, Finding } from '../verdict.ts'
import { checkBatch } from './batch.ts'
import { checkChain } from './chain.ts'
import { checkCheckpoint } from './checkpoint.ts'
import { checkData } from './data.ts'
import { checkEvidenceSignature } from './evidenceSignature.ts'
import { checkInit } from './init.ts'
import { checkInner } from './inner.ts'
import { checkJobHash } from './jobHash.ts'
import { checkLeafChain } from './leafChain.ts'
import { checkManifest } from './manifest.ts'
import { checkMetrics } from './metrics.ts'
import { checkModel } from './model.ts'
import { checkProgress } from './progress.ts'
import { checkReplay } from './replay.ts'
import { checkRng } from './rng.ts'
import { checkSchema } from './schema.ts'
import { checkSeeds } from './seeds.ts'
import { checkWindowRoot } from './windowRoot.ts'

export type CheckOptions = { rpc?: string | undefined; replayer?: Replayer | undefined }

/** No findings: passed. Throws Blocked, Undecidable, or what isInputError knows. */
export type Check = (bundle: Bundle, options: CheckOptions) => Finding[] | Promise<Finding[]>

export const checks: Readonly<Record<CheckId, Check>> = {
  manifest: checkManifest,
  schema: checkSchema,
  'job-hash': checkJobHash,
  data: checkData,
  init: checkInit,
  seeds: checkSeeds,
  'leaf-chain': checkLeafChain,
  'window-root': checkWindowRoot,
  'evidence-signature': checkEvidenceSignature,
  checkpoint: checkCheckpoint,
  batch: checkBatch,
  rng: checkRng,
  replay: checkReplay,
  inner: checkInner,
  model: checkModel,
  metrics: checkMetrics,
  progress: checkProgress,
  chain: (bundle, { rpc }) => checkChain(bundle, rpc),
}
