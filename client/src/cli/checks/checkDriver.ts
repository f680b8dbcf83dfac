import type Docker from 'dockerode'
import type { Config } from '../../config/config.ts'
import { machinesOf } from '../../config/machinesOf.ts'
import { detectDocker } from '../../drivers/docker/detectDocker.ts'
import { describeIsolation } from '../../drivers/process/describeIsolation.ts'
import { findSandboxTools } from '../../drivers/process/sandboxTools.ts'
import { type Check, check } from './check.ts'
import { engineFeatures } from './engineFeatures.ts'

/** What keeps jobs in their box here: the configured driver's powers, and what it cannot prevent. */
export async function checkDriver(config: Config): Promise<Check[]> {
  const images = new Set(machinesOf(config).flatMap((machine) => machine.images))
  const unsourced = [...images].filter((image) => config.imageSources[image] === undefined)
  return config.driver === 'docker' ? checkDocker(unsourced) : [checkProcess()]
}

async function checkDocker(images: readonly string[]): Promise<Check[]> {
  const about = { id: 'docker', title: 'Docker engine', purpose: 'Jobs run in its containers.' }
  const found = await detectDocker()
  if (!found.found) {
    return [
      check(about, {
        status: 'fail',
        actual: found.reason,
        required: 'answers',
        remediation: found.suggestion,
      }),
    ]
  }
  const { version, apiVersion, weaknesses, docker } = found
  const engine = check(about, {
    status: 'pass',
    actual: `${version} (API ${apiVersion})`,
    required: 'answers',
  })
  const limits = check(
    { id: 'docker-limits', title: 'Limits of containers', purpose: 'A job must not take the machine down.' },
    {
      status: weaknesses.length === 0 ? 'pass' : 'warn',
      actual: weaknesses.length === 0 ? 'all hold' : weaknesses.join('; '),
      required: 'all hold',
      remediation: weaknesses.length === 0 ? null : 'Enable them in the kernel and the engine (docker info).',
    },
  )
  const features = engineFeatures(await docker.info())
  return [engine, limits, ...features, ...(images.length > 0 ? [await checkImages(docker, images)] : [])]
}

async function checkImages(docker: Docker, images: readonly string[]): Promise<Check> {
  const found = await Promise.all(
    images.map((image) =>
      docker
        .getImage(image)
        .inspect()
        .then(
          () => true,
          () => false,
        ),
    ),
  )
  const missing = images.filter((_, i) => !found[i])
  return check(
    {
      id: 'docker-images',
      title: 'Accepted images',
      purpose: 'An order for an image that is not here, and has no source, fails.',
    },
    missing.length === 0
      ? { status: 'pass', actual: `${images.length} in the engine` }
      : {
          status: 'fail',
          actual: `missing: ${missing.join(', ')}`,
          required: `${images.length} in the engine`,
          remediation: 'Load them, name their source in "imageSources", or take them out of "images".',
        },
  )
}

function checkProcess(): Check {
  const tools = findSandboxTools()
  const left = describeIsolation(tools)
  return check(
    {
      id: 'process-isolation',
      title: 'What the process driver does not prevent',
      purpose: "Jobs run under Node's permission model, canonical jobs only; it is weaker than a container.",
    },
    {
      status: 'warn',
      actual: left.join('; '),
      remediation: tools.root
        ? 'Use the docker driver where Docker can be had.'
        : 'Use the docker driver, or run as root with unshare and setpriv, which closes the network and drops rights.',
    },
  )
}
