import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect } from '@trainyard/contracts/context.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { leaveSeat } from '@trainyard/contracts/leaveSeat.ts'
import { getBytes, Wallet } from 'ethers'
import { createLightKeystore } from '../../helpers/createLightKeystore.ts'
import type { Devnet } from '../../helpers/devnet.ts'

const cli = join(import.meta.dirname, '../../../verifier/src/cli.ts')
const WAIT_MS = 75_000

type AuditorLine = {
  event?: string
  orderId?: string
  segment?: number
  verdict?: string
  d?: number | null
  report?: string
  disputeId?: string
  ready?: boolean
}

/** One auditor's files; its process can be started, killed and started again. */
export type TestAuditor = {
  readonly address: string
  readonly lines: AuditorLine[]
  readonly stderr: string[]
  /** who waits for what it says */
  readonly waiting: Set<() => void>
  start: (rpc?: string) => Promise<void>
  /** Another process over the same files; resolves when it has ended. */
  startSecond: () => Promise<{ code: number | null; stderr: string }>
  /** Resolves once the process has ended, whoever ended it. */
  gone: () => Promise<void>
  /** Gives the seat back, so that later tests have a panel of their own; stops the process first. */
  leave: () => Promise<void>
  /** Closes the parent's pipe, or asks with a signal; resolves to the exit code. */
  end: (how: 'pipe' | 'SIGTERM') => Promise<number | null>
  /** SIGKILL */
  kill: () => Promise<void>
  /** Resolves once a printed line fits, also an earlier one. */
  until: (what: string, fits: (line: AuditorLine) => boolean) => Promise<AuditorLine>
  /** Resolves once its log has a line with that text. */
  untilStderr: (text: string) => Promise<void>
  dispose: () => Promise<void>
}

/**
 * Creates an account with gas and tokens, and the configuration around it.
 * @param options.alongside what this one says is heard together with what that one says
 * @param options.replayer program and arguments that replay jobs of images
 */
export async function createTestAuditor(
  net: Devnet,
  store: string,
  options: {
    tokensWei?: bigint
    alongside?: TestAuditor
    hardwareClass?: string
    replayer?: readonly string[]
    drandRelays?: readonly string[]
  } = {},
): Promise<TestAuditor> {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-auditor-'))
  const file = join(folder, 'key.json')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, 'test', { mode: 0o600 })
  const wallet = Wallet.createRandom()
  const { address, privateKey } = wallet
  await createLightKeystore({ file, passwordFile, secretKey: getBytes(privateKey) })
  await net.fund(address, options.tokensWei)
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(net.deployment))
  mkdirSync(join(folder, 'data'))
  const { alongside, hardwareClass = 'canonical', replayer, drandRelays } = options
  const lines = alongside?.lines ?? []
  const stderr = alongside?.stderr ?? []
  const waiting = alongside?.waiting ?? new Set<() => void>()
  let child: ChildProcess | undefined

  const start = async (rpc = net.rpcUrl) => {
    const paths = {
      deployment: 'deployment.json',
      keystore: 'key.json',
      passwordFile: 'password',
      dataDir: 'data',
    }
    const config = join(folder, 'config.json')
    writeFileSync(config, JSON.stringify({ rpc, store, hardwareClass, replayer, drandRelays, ...paths }))
    const args = [cli, 'watch', '--config', config, '--json', '--parent-pipe']
    const started = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    child = started
    const from = lines.length
    createInterface({ input: started.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line) as AuditorLine)
      for (const wake of waiting) wake()
    })
    createInterface({ input: started.stderr }).on('line', (line) => stderr.push(line))
    const died = once(started, 'close').then(() => {
      throw new Error(`the auditor ended: ${stderr.at(-1)}`)
    })
    died.catch(() => {}) // only the start waits for it
    started.on('exit', () => {
      for (const wake of waiting) wake()
    })
    await Promise.race([until('ready', (line) => line.ready === true && lines.indexOf(line) >= from), died])
  }
  const found = async <T>(what: string, look: () => T | undefined): Promise<T> => {
    const deadline = Date.now() + WAIT_MS
    for (;;) {
      const result = look()
      if (result) return result
      if (Date.now() > deadline)
        throw new Error(`auditor never said: ${what}\n${stderr.slice(-15).join('\n')}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(wake, 1_000)
        function wake() {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
        waiting.add(wake)
      })
    }
  }
  const until: TestAuditor['until'] = (what, fits) => found(what, () => lines.find(fits))
  const untilStderr: TestAuditor['untilStderr'] = async (text) => {
    await found(text, () => stderr.find((line) => line.includes(text)))
  }
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const end: TestAuditor['end'] = async (how) => {
    const ending = child!
    if (how === 'pipe') ending.stdin?.end()
    else ending.kill(how)
    const [code] = await once(ending, 'exit')
    return code as number | null
  }
  const gone = async () => {
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  const startSecond = async () => {
    const args = [cli, 'watch', '--config', join(folder, 'config.json')]
    const second = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let text = ''
    second.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    const [code] = await once(second, 'exit')
    return { code: code as number | null, stderr: text }
  }
  const leave = async () => {
    await kill()
    const context = await connect({ rpcUrl: net.rpcUrl, deployment: net.deployment, signer: wallet })
    await leaveSeat(context, { hardwareClass: hardwareClassOf(hardwareClass) })
  }
  const dispose = async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    address,
    lines,
    stderr,
    waiting,
    start,
    end,
    startSecond,
    gone,
    leave,
    kill,
    until,
    untilStderr,
    dispose,
  }
}
