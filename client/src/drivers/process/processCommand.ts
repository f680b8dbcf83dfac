import { join } from 'node:path'
import type { RunSpec } from '../driver.ts'
import type { JobMounts } from '../prepareJobDirectory.ts'
import type { SandboxTools } from './sandboxTools.ts'

export type ProcessPlan = {
  nodePath: string
  /** Folder of the program: its main.ts is run, and nothing else of ours can be read. */
  programDir: string
  run: RunSpec
  mounts: JobMounts
  tools: SandboxTools
  /** User that the job gets; equal to the daemon's when it cannot be changed. */
  user: { uid: number; gid: number }
}

const MEBIBYTE = 1024 ** 2
/** What Node needs beside the heap that --max-old-space-size caps. */
const NODE_OVERHEAD_MIB = 64
const SMALLEST_HEAP_MIB = 32

/** Program, arguments and the whole environment of a run. Nothing of the daemon's environment goes in. */
export function processCommand(plan: ProcessPlan): {
  file: string
  args: string[]
  env: Record<string, string>
} {
  const [file = plan.nodePath, ...args] = [...wrappers(plan), plan.nodePath, ...nodeArguments(plan)]
  const env = {
    TRAINYARD_FROM_STEP: String(plan.run.fromStep),
    TRAINYARD_TO_STEP: String(plan.run.toStep),
    TRAINYARD_PARENT_PIPE: '1',
  }
  return { file, args, env }
}

function nodeArguments({ programDir, run, mounts }: ProcessPlan): string[] {
  const heapMib = Math.max(
    SMALLEST_HEAP_MIB,
    Math.floor(run.limits.memoryBytes / MEBIBYTE) - NODE_OVERHEAD_MIB,
  )
  const readable = [`${programDir}/`, mounts.spec, `${mounts.data}/`, `${mounts.input}/`, `${mounts.output}/`]
  return [
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${mounts.output}/`,
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${heapMib}`,
    join(programDir, 'main.ts'),
    join(mounts.spec, '..'),
  ]
}

/** Both wrappers replace themselves, so the child's pid stays Node's pid. */
function wrappers({ tools, user }: ProcessPlan): string[] {
  if (!tools.root) return []
  const noNetwork = tools.unshare ? [tools.unshare, '--net', '--ipc', '--'] : []
  if (!tools.setpriv) return noNetwork
  const drop = ['--bounding-set=-all', '--inh-caps=-all', '--no-new-privs', '--pdeathsig=KILL']
  const identity = user.uid === 0 ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  return [...noNetwork, tools.setpriv, ...identity, ...drop, '--']
}
