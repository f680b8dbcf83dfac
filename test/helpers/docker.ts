import Docker from 'dockerode'
import { test } from 'vitest'
import { detectDocker } from '../../client/src/drivers/docker/detectDocker.ts'

const detection = await detectDocker()
const required = (process.env.TRAINYARD_REQUIRE ?? '').split(',').includes('docker')

/** The engine that tests use; only inside a dockerTest is it known to answer. */
export const docker: Docker = detection.found ? detection.docker : new Docker()

/** Why tests that need Docker are skipped, or undefined when they run. */
export const dockerMissing: string | undefined = detection.found ? undefined : detection.reason

/**
 * A test that needs a Docker engine. Where none answers it is skipped, with the reason in its name, or
 * fails when TRAINYARD_REQUIRE names docker. Any error after the engine has answered is a failure.
 */
export function dockerTest(name: string, body: () => Promise<void>, timeoutMs?: number): void {
  testUnless(dockerMissing, name, body, timeoutMs)
}

/** The same for a test that needs more of the machine than an engine: missing says what it lacks. */
export function testUnless(
  missing: string | undefined,
  name: string,
  body: () => Promise<void>,
  timeoutMs?: number,
): void {
  if (missing === undefined) test(name, body, timeoutMs)
  else if (required) {
    test(name, () => {
      throw new Error(`TRAINYARD_REQUIRE names docker, but: ${missing}`)
    })
  } else test.skip(`${name} [skipped: ${missing}]`, body)
}

/** Removes every container of a driver's scope, whatever became of the test that made it. */
export async function removeContainers(scope: string): Promise<void> {
  if (!detection.found) return
  const filters = { label: [`trainyard.scope=${scope}`] }
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(Id).remove({ force: true, v: true })
  }
}
