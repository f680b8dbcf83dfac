import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { nodePath } from './driverRun.ts'

/** Why no networks of one's own can be made here, or undefined when they can. */
export function isolatedNetMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'making network namespaces needs root'
  try {
    execFileSync('ip', ['netns', 'list'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'ip (iproute2) is not installed'
  }
}

export const LAN_ADDRESSES = { machine: '192.168.77.2', router: '192.168.77.1' }
/** Public addresses, of which none is ever reached: both networks end at each other. */
export const PUBLIC = { machine: '8.1.2.3', machine6: '2a10:1::3', service: '9.8.7.6', service6: '2a10:9::6' }
/** Stand-ins for what no job may reach. */
export const FORBIDDEN = {
  metadata: '169.254.169.254',
  carrier: '100.64.9.9',
  private: '10.9.9.9',
  lan: LAN_ADDRESSES.router,
  lan6: 'fd77::1',
  metadata6: 'fd00:ec2::254',
  host: PUBLIC.machine,
  hostLan: LAN_ADDRESSES.machine,
  host6: PUBLIC.machine6,
}

/**
 * A machine and the rest of the world as two network namespaces with a cable between them and none to the
 * outside: the world has every address that a job must not reach, and a public one that it may. What is sent
 * in either can leave neither, whatever isolation fails.
 */
export class IsolatedNet {
  readonly machine = `ty-m-${randomUUID().slice(0, 6)}`
  readonly #world = `ty-w-${randomUUID().slice(0, 6)}`
  readonly #servers: ChildProcess[] = []
  /** "who address" of every connection that arrived anywhere. */
  readonly hits: string[] = []

  async start(): Promise<void> {
    const [m, w] = [this.machine, this.#world]
    for (const name of [m, w]) ip('netns', 'add', name)
    ip('link', 'add', 'cable', 'netns', m, 'type', 'veth', 'peer', 'name', 'cable', 'netns', w)
    this.#configure(m, [`${LAN_ADDRESSES.machine}/24`, 'fd77::2/64'], [PUBLIC.machine, PUBLIC.machine6])
    const { metadata, carrier, metadata6 } = FORBIDDEN
    const own = [metadata, carrier, FORBIDDEN.private, metadata6, PUBLIC.service, PUBLIC.service6]
    this.#configure(w, [`${LAN_ADDRESSES.router}/24`, 'fd77::1/64'], own)
    ip('-n', m, 'route', 'add', 'default', 'via', LAN_ADDRESSES.router)
    ip('-n', m, '-6', 'route', 'add', 'default', 'via', 'fd77::1')
    // Lets containers with a bridge out to the world and its answers back, so that their isolation is tested.
    ip('-n', w, 'route', 'add', '172.16.0.0/12', 'via', LAN_ADDRESSES.machine)
    ip('-n', w, '-6', 'route', 'add', 'fd99::/64', 'via', 'fd77::2')
    const forward = 'for v in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 1 > /proc/sys/net/$v; done'
    execFileSync('nsenter', [`--net=/run/netns/${m}`, '--', 'sh', '-c', forward])
    await Promise.all([this.#serve(m, 'machine'), this.#serve(w, 'world')])
  }

  /** Runs a program on the machine's side of the cable. */
  enter(command: string, args: string[]): [string, string[]] {
    return ['nsenter', [`--net=/run/netns/${this.machine}`, '--', command, ...args]]
  }

  #configure(name: string, cable: string[], loopback: string[]): void {
    const add = (address: string, device: string) =>
      ip('-n', name, 'address', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []))
    for (const address of cable) add(address, 'cable')
    for (const address of loopback) add(address, 'lo')
    for (const device of ['lo', 'cable']) ip('-n', name, 'link', 'set', device, 'up')
  }

  /** Listens on every address of a namespace and tells of each connection. */
  async #serve(name: string, who: string): Promise<void> {
    const script = fileURLToPath(new URL('../fixtures/network/standInServer.ts', import.meta.url))
    const enter = [`--net=/run/netns/${name}`, '--', nodePath, script]
    const server = spawn('nsenter', enter, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#servers.push(server)
    const lines = createInterface(server.stdout)
    await new Promise<void>((ready, fail) => {
      server.once('exit', (code) => fail(new Error(`the stand-in server ended with ${code}`)))
      lines.on('line', (line) => {
        if (line === 'ready') ready()
        else this.hits.push(`${who} ${line}`)
      })
    })
  }

  [Symbol.dispose](): void {
    for (const server of this.#servers) server.kill('SIGKILL')
    for (const name of [this.machine, this.#world]) {
      try {
        ip('netns', 'delete', name)
      } catch {
        // It was not made.
      }
    }
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
