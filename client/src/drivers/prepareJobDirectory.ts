import { lchown, lstat, mkdir, realpath, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { UnsafeJobDirectory } from './driverErrors.ts'
import { outputLink } from './outputLink.ts'

export type JobMounts = { spec: string; data: string; input: string; output: string }

/**
 * Checks the parts of a job directory that a job is given, makes out/ writable by the job's user, and
 * returns their real paths. None of them may be a link: a mount would show what it points to.
 */
export async function prepareJobDirectory(
  jobDir: string,
  user: { uid: number; gid: number },
): Promise<JobMounts> {
  const root = await realpath(jobDir).catch(() => {
    throw new UnsafeJobDirectory(jobDir, 'there is no such job directory')
  })
  const mounts = {
    spec: join(root, 'spec.json'),
    data: join(root, 'data'),
    input: join(root, 'in'),
    output: join(root, 'out'),
  }
  // Left by a room that is gone; one that is there is linked anew.
  if (await outputLink(mounts.output)) await unlink(mounts.output)
  await mkdir(mounts.output, { recursive: true, mode: 0o755 })
  await requireReadable(mounts.spec, user.uid, 'file')
  await requireReadable(mounts.data, user.uid, 'directory')
  await requireReadable(mounts.input, user.uid, 'directory')
  const info = await lstat(mounts.output)
  if (!info.isDirectory()) throw new UnsafeJobDirectory(mounts.output, 'not a directory')
  // Only this one entry, which the daemon made: what a job left below it is never touched.
  if (info.uid !== user.uid) await lchown(mounts.output, user.uid, user.gid)
  return mounts
}

async function requireReadable(path: string, uid: number, kind: 'file' | 'directory'): Promise<void> {
  const info = await lstat(path).catch(() => undefined)
  if (!info) throw new UnsafeJobDirectory(path, 'is missing')
  if (kind === 'file' ? !info.isFile() : !info.isDirectory())
    throw new UnsafeJobDirectory(path, `is not a ${kind}`)
  const needed = kind === 'file' ? 0o4 : 0o5
  if (info.uid !== uid && (info.mode & needed) !== needed) {
    throw new UnsafeJobDirectory(path, `cannot be read by the job's user ${uid}; make it world-readable`)
  }
}
