import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Docker from 'dockerode'

const DOCKERD = '/usr/sbin/dockerd'

/** Why no engine of one's own can be started here, or undefined when it can. */
export function privateEngineMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'starting a Docker daemon needs root'
  try {
    accessSync(DOCKERD, constants.X_OK)
    return undefined
  } catch {
    return `${DOCKERD} is not installed`
  }
}

export type PrivateEngineOptions = {
  /** Wraps the daemon's command, for example to enter a network namespace. */
  enter?: (command: string, args: string[]) => [string, string[]]
  /** Gives containers the engine's usual bridge; only in a namespace, as it would touch the machine's networks. */
  bridge?: boolean
  /** False: containers end with the daemon, as on a machine where nobody has configured it. */
  liveRestore?: boolean
  /** Further arguments of the daemon. */
  args?: string[]
  /** A folder with programs that the daemon finds before the machine's. */
  programs?: string
}

/** A Docker daemon that a test may stop and start; containers outlive it unless asked otherwise. */
export class PrivateEngine {
  readonly docker: Docker
  readonly #folder = mkdtempSync(join(tmpdir(), 'trainyard-dockerd-'))
  readonly #options: PrivateEngineOptions
  #daemon: ChildProcess | undefined

  constructor(options: PrivateEngineOptions = {}) {
    this.#options = options
    this.docker = new Docker({ socketPath: this.socketPath })
  }

  get socketPath(): string {
    return join(this.#folder, 'docker.sock')
  }

  async start(): Promise<void> {
    const log = openSync(join(this.#folder, 'log'), 'a')
    const path = (name: string) => join(this.#folder, name)
    const args = ['--data-root', path('data'), '--exec-root', path('exec'), '--pidfile', path('pid')]
    const bridge = this.#options.bridge ? ['--ipv6', '--fixed-cidr-v6=fd99::/64'] : ['--bridge=none']
    const more = this.#options.args ?? []
    const host = ['-H', `unix://${this.socketPath}`, ...bridge, ...more, '--iptables=false']
    if (this.#options.liveRestore !== false) host.push('--live-restore')
    const enter = this.#options.enter ?? ((command, rest) => [command, rest] as [string, string[]])
    const [command, rest] = enter(DOCKERD, [...args, ...host])
    // It must not outlive a test that is torn down in the middle.
    this.#daemon = spawn('setpriv', ['--pdeathsig', 'TERM', '--', command, ...rest], {
      stdio: ['ignore', log, log],
      detached: true,
      env: { ...process.env, PATH: [this.#options.programs, process.env.PATH].filter(Boolean).join(':') },
    })
    const deadline = performance.now() + 30_000
    while (!(await this.docker.ping().catch(() => false))) {
      if (performance.now() > deadline)
        throw new Error(`the private dockerd did not start: see ${path('log')}`)
      await sleep(50)
    }
  }

  async stop(): Promise<void> {
    const daemon = this.#daemon
    this.#daemon = undefined
    if (!daemon || daemon.exitCode !== null) return
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    daemon.kill('SIGTERM')
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { Id } of await this.docker.listContainers({ all: true }).catch(() => [])) {
      await this.docker.getContainer(Id).remove({ force: true })
    }
    await this.stop()
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
    const own = mounts.map((line) => line.split(' ')[1] ?? '').filter((path) => path.startsWith(this.#folder))
    for (const path of own.reverse()) execFileSync('umount', ['-l', path])
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
