import { execFile } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { ImageNotLoaded } from '../../drivers/driverErrors.ts'

const AT_ONCE = 2
const UNPACK_TIMEOUT_MS = 120_000
/** Documents and data that nothing in the image reads. */
const LEFT_OUT = ['./usr/share', './usr/include', './var', './etc', './usr/sbin', './usr/games']

/** Unpacks .deb files into `root`, as any user. No maintainer script runs. Errors: ImageNotLoaded. */
export async function extractPackages(packages: readonly string[], root: string): Promise<void> {
  // Where packages still say /lib they mean /usr/lib (the merged /usr of Debian 12).
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', name), { recursive: true })
    await symlink(`usr/${name}`, join(root, name))
  }
  const pending = [...packages]
  const work = async () => {
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) await extractOne(next, root)
  }
  // Nobody may delete the folder while one of them still writes.
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

/** `dpkg-deb -x` would overwrite the links above, so tar unpacks. */
async function extractOne(file: string, root: string): Promise<void> {
  const exclude = LEFT_OUT.map((path) => `--exclude=${path}`)
  const tar = ['tar', '-x', '-C', root, '--keep-directory-symlink', '--no-same-owner', ...exclude]
  // A shell's pipe: tar stops reading at the archive's end, before dpkg-deb stops writing, and that is no error.
  const pipe = ['-c', 'file=$1; shift; dpkg-deb --fsys-tarfile "$file" | "$@"', 'unpack', file, ...tar]
  try {
    await promisify(execFile)('/bin/sh', pipe, {
      timeout: UNPACK_TIMEOUT_MS,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    })
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    throw new ImageNotLoaded(
      `${basename(file)} could not be unpacked: ${(stderr ?? '').trim().split('\n').at(-1)}`,
      'Check the free disk space and try again.',
    )
  }
}
