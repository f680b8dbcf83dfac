// `node client/src/images/torch/cli.ts build`: the PyTorch image, once for each engine. `... replay --job DIR --out DIR
// --from N --to M`: runs a job's image for an auditor or a verifier (verifier/src/image/runImage.ts says how).
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkToolkit } from '../../drivers/docker/checkToolkit.ts'
import { createDockerDriver } from '../../drivers/docker/createDockerDriver.ts'
import { detectDocker } from '../../drivers/docker/detectDocker.ts'
import { DriverError } from '../../drivers/driverErrors.ts'
import { limitsOf } from '../../engine/limitsOf.ts'
import { sentenceOf } from '../../sentenceOf.ts'
import { buildTorchImage } from './buildTorchImage.ts'
import { replayJob, type Stretch } from './replayJob.ts'

const usage = `usage: cli.ts build [--work DIR]
       cli.ts replay --job DIR --out DIR --from STEP --to STEP [--gpus UUID,...] [--parent-pipe]`
/** Not 65, which is the job's own word for "wrong everywhere", and not what any signal gives. */
const COULD_NOT_RUN = 75
const JOB_FAILED = 65

async function docker() {
  const detection = await detectDocker()
  if (!detection.found) throw new DriverError(`${detection.reason}.`, detection.suggestion, true)
  return detection.docker
}

async function build(work: string | undefined): Promise<number> {
  const image = await buildTorchImage({
    docker: await docker(),
    workDir: work ?? join(tmpdir(), `trainyard-torch-${process.pid}`),
    onPhase: (text) => process.stderr.write(`${text}\n`),
  })
  process.stdout.write(`${JSON.stringify(image)}\n`)
  return 0
}

async function replay(stretch: Stretch, parentPipe: boolean): Promise<number> {
  const abort = new AbortController()
  if (parentPipe) {
    process.stdin.on('error', () => {}).on('close', () => abort.abort())
    process.stdin.resume()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort())
  const toolkit = await checkToolkit(process.env.PATH ?? '')
  const driver = createDockerDriver({ docker: await docker(), imageId: '', scope: 'replay', toolkit })
  const { exitCode, lastWords } = await replayJob(driver, stretch, limitsOf(), abort.signal)
  if (exitCode === 0) return 0
  process.stderr.write(`${lastWords || `the job exited with code ${exitCode}`}\n`)
  return exitCode === JOB_FAILED ? JOB_FAILED : COULD_NOT_RUN
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ work: text, job: text, out: text, from: text, to: text, gpus: text },
      'parent-pipe': { type: 'boolean' },
    },
  })
  const [verb] = positionals
  if (verb === 'build') return build(values.work)
  const { job, out, from = '', to = '' } = values
  if (verb !== 'replay' || !job || !out || !/^\d+$/.test(from) || !/^\d+$/.test(to)) {
    process.stderr.write(`${usage}\n`)
    return 1
  }
  const gpus = values.gpus?.split(',') ?? []
  const stretch = { jobDir: job, outDir: out, fromStep: Number(from), toStep: Number(to), gpus }
  return replay(stretch, values['parent-pipe'] ?? false)
}

try {
  process.exitCode = await main()
} catch (error) {
  const { message, suggestion } = sentenceOf(error)
  process.stderr.write(`${message} ${suggestion}\n`)
  process.exitCode = COULD_NOT_RUN
}
// An open pipe must not keep the command from ending.
process.stdin.destroy()
