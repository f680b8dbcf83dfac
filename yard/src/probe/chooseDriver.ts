import { detectDocker } from '@trainyard/client/drivers/docker/detectDocker.ts'
import { YardError } from '../errors.ts'
import type { Say } from '../report/say.ts'
import { findGpu } from './findGpu.ts'

/**
 * Says what this machine has and chooses the driver: the wanted one, else docker when an engine answers.
 * @throws YardError when docker is wanted and no engine answers
 */
export async function chooseDriver(
  wanted: 'docker' | 'process' | undefined,
  say: Say,
): Promise<'docker' | 'process'> {
  const [docker, gpu] = await Promise.all([detectDocker(), findGpu()])
  say.line(`node        ${process.versions.node}`)
  say.line(`docker      ${docker.found ? `engine ${docker.version}` : `left out: ${docker.reason}`}`)
  say.line(
    `gpu         ${gpu.names.length > 0 ? `${gpu.names.join(', ')} (the sample job does not use it)` : `left out: ${gpu.reason}`}`,
  )
  if (wanted === 'docker' && !docker.found) {
    const advice = `${docker.suggestion} Or run without Docker: npm start -- --driver process.`
    throw new YardError(`${docker.reason}. ${advice}`)
  }
  const driver = wanted ?? (docker.found ? 'docker' : 'process')
  if (driver === 'process')
    say.line("driver      process: the job runs under Node's permission model, not in a container")
  else say.line('driver      docker: the job runs in a locked-down container')
  return driver
}
