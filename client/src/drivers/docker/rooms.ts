import { execFile } from 'node:child_process'
import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  statfs,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { DriverError } from '../driverErrors.ts'
import { ROOM_ROOT } from '../outputLink.ts'

/**
 * Rooms hold the disk limit on any file system: a run's out/ is a file system of its own in a sparse file of
 * exactly the limit, mounted through a loop device. A job that fills it gets ENOSPC and nobody else does.
 * It is mounted below /run and out/ is a link to it, so that deleting a job directory never meets a mount.
 */
export type Rooms = {
  /** Where a run's room is mounted. */
  pathOf(runId: string): string
  /** Mounts the room of a run, made first if there is none, and makes outDir, empty so far, a link to it. */
  open(runId: string, outDir: string, bytes: number, user: { uid: number; gid: number }): Promise<void>
  /** Mounts a room that is there but not mounted (after a reboot). */
  reopen(runId: string): Promise<void>
  /** Unmounts and deletes a run's room; fine when there is none. */
  close(runId: string): Promise<void>
  has(runId: string): Promise<boolean>
  /** Ids of the runs that have a room, or a part of one. */
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

/**
 * Rooms of one scope, with their images in folder. Errors: DriverError with the tool's words.
 */
export function createRooms(folder: string, scope: string): Rooms {
  const root = join(ROOM_ROOT, scope)
  const imageOf = (runId: string) => join(folder, `${runId}${SUFFIX}`)
  const pathOf = (runId: string) => join(root, runId)
  const mountRoom = async (runId: string) => {
    await mkdir(root, { recursive: true, mode: 0o700 })
    await mkdir(pathOf(runId), { recursive: true })
    await tool('mount', ['-o', 'loop,nosuid,nodev,noatime,discard', imageOf(runId), pathOf(runId)])
  }
  return {
    pathOf,
    open: async (runId, outDir, bytes, user) => {
      if (!(await isMounted(pathOf(runId)))) {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await makeImage(imageOf(runId), bytes, user)
        await mountRoom(runId)
      }
      await linkOutput(outDir, pathOf(runId))
    },
    reopen: async (runId) => {
      if (!(await isThere(imageOf(runId))) || (await isMounted(pathOf(runId)))) return
      // Exit code 1: errors were there and are corrected. Without a journal a crash leaves some.
      await tool('e2fsck', ['-p', imageOf(runId)], 1)
      await mountRoom(runId)
    },
    close: async (runId) => {
      const path = pathOf(runId)
      // Lazily, if somebody is still reading there: the name is free at once, the space when they end.
      if (await isMounted(path)) await tool('umount', [path]).catch(() => tool('umount', ['-l', path]))
      await rmdir(path).catch(() => undefined)
      await rmdir(root).catch(() => undefined)
      await rm(imageOf(runId), { force: true })
    },
    has: (runId) => isThere(imageOf(runId)),
    list: async () => {
      const images = (await listFolder(folder)).filter((name) => name.endsWith(SUFFIX))
      return [...new Set([...images.map((name) => basename(name, SUFFIX)), ...(await listFolder(root))])]
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

async function linkOutput(outDir: string, path: string): Promise<void> {
  if ((await readlink(outDir).catch(() => undefined)) === path) return
  await rmdir(outDir)
  await symlink(path, outDir)
}

/** Run ids and scopes hold no blank, so the kernel's table has these paths as they are. */
async function isMounted(path: string): Promise<boolean> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n')
  return lines.some((line) => line.split(' ')[4] === path)
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

function listFolder(path: string): Promise<string[]> {
  return readdir(path).catch(() => [])
}
