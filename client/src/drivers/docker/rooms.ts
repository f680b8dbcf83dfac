import { execFile } from 'node:child_process'
import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  statfs,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { DriverError } from '../driverErrors.ts'

/**
 * Rooms hold the disk limit on any file system: a run's out/ is a file system of its own in a sparse file of
 * exactly the limit, mounted through a loop device. A job that fills it gets ENOSPC and nobody else does.
 */
export type Rooms = {
  /** Mounts the room of a run over its out/, made first if there is none. */
  open(runId: string, outDir: string, bytes: number, user: { uid: number; gid: number }): Promise<void>
  /** Mounts a room that is there but not mounted (after a reboot). */
  reopen(runId: string, outDir: string): Promise<void>
  /** Unmounts and deletes a run's room; fine when there is none. */
  close(runId: string): Promise<void>
  has(runId: string): Promise<boolean>
  /** Ids of the runs that have a room. */
  list(): Promise<string[]>
}

const TOOL_TIMEOUT_MS = 60_000
const CAP_SYS_ADMIN = 1n << 21n
const SUFFIX = '.ext4'
const TOOLS = ['mkfs.ext4', 'e2fsck', 'mount', 'umount']
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin'

/** Why rooms cannot be made here, or undefined when they can. */
export async function roomsMissing(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'the daemon is not root'
  if (!(await mayMount())) return 'the daemon may not mount (it lacks CAP_SYS_ADMIN)'
  for (const tool of TOOLS) {
    const found = await Promise.all(PATH.split(':').map((folder) => isProgram(join(folder, tool))))
    if (!found.includes(true)) return `${tool} is not installed`
  }
  const loop = await access('/dev/loop-control', constants.W_OK).then(
    () => true,
    () => false,
  )
  return loop ? undefined : 'there are no loop devices'
}

/** Rooms kept in folder, an image file for each run. Errors: DriverError with the tool's words. */
export function createRooms(folder: string): Rooms {
  const imageOf = (runId: string) => join(folder, `${runId}${SUFFIX}`)
  const mountRoom = (runId: string, outDir: string) =>
    tool('mount', ['-o', 'loop,nosuid,nodev,noatime,discard', imageOf(runId), outDir])
  return {
    open: async (runId, outDir, bytes, user) => {
      if ((await mountPointsOf(imageOf(runId))).length > 0) return
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await makeImage(imageOf(runId), bytes, user)
      await mountRoom(runId, outDir)
    },
    reopen: async (runId, outDir) => {
      const image = imageOf(runId)
      if (!(await isThere(image)) || (await mountPointsOf(image)).length > 0) return
      // Exit code 1: errors were there and are corrected. Without a journal a crash leaves some.
      await tool('e2fsck', ['-p', image], 1)
      await mountRoom(runId, outDir)
    },
    close: async (runId) => {
      const image = imageOf(runId)
      for (const point of await mountPointsOf(image)) {
        // Lazily, if somebody is still reading there: the name is free at once, the space when they end.
        await tool('umount', [point]).catch(() => tool('umount', ['-l', point]))
      }
      await rm(image, { force: true })
    },
    has: (runId) => isThere(imageOf(runId)),
    list: async () => {
      const names = await readdir(folder).catch(() => [])
      return names.filter((name) => name.endsWith(SUFFIX)).map((name) => basename(name, SUFFIX))
    },
  }
}

/** True when a file system has next to nothing left, as a room that its job has filled. */
export async function isFull(path: string): Promise<boolean> {
  const { bavail, blocks } = await statfs(path)
  return bavail < blocks / 100
}

async function makeImage(image: string, bytes: number, user: { uid: number; gid: number }): Promise<void> {
  const unfinished = `${image}.new`
  await writeFile(unfinished, '', { mode: 0o600 })
  await truncate(unfinished, bytes)
  // No journal: a run that a crash of the machine ends is trained again from the daemon's own checkpoints.
  const features = ['-O', '^has_journal,^resize_inode', '-m', '0', '-e', 'remount-ro']
  const owner = ['-E', `lazy_itable_init=1,nodiscard,root_owner=${user.uid}:${user.gid}`]
  await tool('mkfs.ext4', ['-q', '-F', ...features, ...owner, unfinished])
  await rename(unfinished, image)
}

/** Where an image is mounted, by the kernel's own tables: loop devices name the file behind them. */
async function mountPointsOf(image: string): Promise<string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n')
  const points: string[] = []
  for (const line of lines) {
    const [left = '', right = ''] = line.split(' - ')
    const device = /^\S+ \/dev\/(loop\d+) /.exec(right)?.[1]
    const point = left.split(' ')[4]
    if (!device || !point) continue
    const backing = await readFile(`/sys/block/${device}/loop/backing_file`, 'utf8').catch(() => '')
    if (backing.trim() === image)
      points.push(point.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))))
  }
  return points.reverse()
}

async function tool(name: string, args: string[], acceptedCode = 0): Promise<void> {
  try {
    await promisify(execFile)(name, args, { timeout: TOOL_TIMEOUT_MS, env: { PATH, LC_ALL: 'C' } })
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code === acceptedCode && acceptedCode !== 0) return
    const text = stderr?.trim() || (error instanceof Error ? error.message : String(error))
    throw new DriverError(
      `${name} failed: ${text}`,
      'Look at the disk and the loop devices of this machine.',
      true,
    )
  }
}

/** Root in a container usually may not. */
async function mayMount(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const effective = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  return (effective & CAP_SYS_ADMIN) !== 0n
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
