import type Docker from 'dockerode'
import { containerName } from './containerOptions.ts'
import type { Gateways } from './gateways.ts'
import type { Rooms } from './rooms.ts'

/** What every part of the Docker driver needs: the engine and whose runs it is about. */
export type Engine = {
  docker: Docker
  scope: string
  /** Undefined where out/ cannot be given a file system of its own: then it is watched. */
  rooms: Rooms | undefined
  /** Undefined in a driver that runs nothing with egress. */
  gateways: Gateways | undefined
  /** Runs whose start is under way: parts of them are there, the container is not. */
  starting: Map<string, Promise<void>>
}

export function containerOf(engine: Engine, runId: string): Docker.Container {
  return engine.docker.getContainer(containerName(engine.scope, runId))
}
