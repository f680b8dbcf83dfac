import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { detectDocker } from '@trainyard/client/drivers/docker/detectDocker.ts'
import { DriverError } from '@trainyard/client/drivers/driverErrors.ts'
import { buildTorchImage } from '@trainyard/client/images/torch/buildTorchImage.ts'
import { digitsJob } from '@trainyard/market-ui/templates/digitsJob.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { Replayer } from '@trainyard/verifier/image/runImage.ts'
import type { Job } from '@trainyard/verifier/job.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import { YardError } from '../errors.ts'
import { repositoryRoot, type YardPaths } from '../paths.ts'
import type { Say } from '../report/say.ts'
import { chargptData } from './chargptData.ts'
import { chargptJob } from './chargptJob.ts'

export const sampleNames = ['digits', 'chargpt'] as const
export type SampleName = (typeof sampleNames)[number]

/** A job to order, and what seller and auditor need for it. */
export type Sample = {
  name: SampleName
  /** of the seller's machine and the auditor's seat */
  hardwareClass: string
  sellerDir: string
  /** images that the seller accepts */
  images: string[]
  /** runs an image for the auditor, and for whoever verifies the bundle */
  replayer: Replayer | undefined
  job: Job
  data: { train: Uint8Array; heldOut: Uint8Array }
  /** agreed pay time of one step: about three times what it takes on the machine this was written on */
  stepMicros: number
}

/** Opens a sample; for chargpt the PyTorch image is built unless the engine has it. @throws YardError */
export async function openSample(name: SampleName, paths: YardPaths, say: Say): Promise<Sample> {
  return name === 'digits' ? openDigits(paths) : openChargpt(paths, say)
}

async function openDigits(paths: YardPaths): Promise<Sample> {
  const folder = join(repositoryRoot, 'yard', 'samples', 'digits')
  const data = {
    train: readFileSync(join(folder, 'train.safetensors')),
    heldOut: readFileSync(join(folder, 'heldOut.safetensors')),
  }
  return {
    name: 'digits',
    hardwareClass: 'canonical',
    sellerDir: paths.seller,
    images: [],
    replayer: undefined,
    job: digitsJob({ trainerHash: trainerHash(), ...(await cidsOf(data)) }),
    data,
    stepMicros: 5_000,
  }
}

/** Kernels are pinned to what every x86-64 processor has, so the instruction set is all that the class must name. */
async function openChargpt(paths: YardPaths, say: Say): Promise<Sample> {
  const image = await torchImage(paths, say)
  const data = chargptData()
  return {
    name: 'chargpt',
    hardwareClass: 'x86-64',
    sellerDir: paths.torchSeller,
    images: [image],
    replayer: [process.execPath, join(repositoryRoot, 'client/src/images/torch/cli.ts'), 'replay'],
    job: chargptJob({ image, ...(await cidsOf(data)) }),
    data,
    stepMicros: 50_000,
  }
}

async function cidsOf(data: { train: Uint8Array; heldOut: Uint8Array }) {
  const [train, heldOut] = await Promise.all([addBytes(data.train), addBytes(data.heldOut)])
  return { trainCid: train.cid, heldOutCid: heldOut.cid }
}

async function torchImage(paths: YardPaths, say: Say): Promise<string> {
  const detection = await detectDocker()
  if (!detection.found) {
    throw new YardError(
      `The job chargpt runs in a container, and ${detection.reason}. ${detection.suggestion} ` +
        'Without --job, npm start runs the digits job, which needs no Docker.',
    )
  }
  try {
    const image = await buildTorchImage({
      docker: detection.docker,
      workDir: paths.torchWork,
      onPhase: (text) => say.line(`image       ${text} (once; about half a minute and the download in all)`),
    })
    const mib = Math.round(image.bytes / 2 ** 20)
    const how = image.built ? `built in ${image.seconds} s` : 'the engine has it'
    say.line(`image       PyTorch on CPU, ${mib} MiB: ${how} (${image.imageId.slice(0, 19)})`)
    return image.imageId
  } catch (error) {
    if (!(error instanceof DriverError)) throw error
    throw new YardError(`${error.message} ${error.suggestion}`, { cause: error })
  }
}
