import type Docker from 'dockerode'
import { containerName } from './containerOptions.ts'

/** What every part of the Docker driver needs: the engine and whose runs it is about. */
export type Engine = { docker: Docker; scope: string }

export function containerOf(engine: Engine, runId: string): Docker.Container {
  return engine.docker.getContainer(containerName(engine.scope, runId))
}
