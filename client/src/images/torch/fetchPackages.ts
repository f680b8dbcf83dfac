import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ImageNotLoaded } from '../../drivers/driverErrors.ts'

const DOWNLOAD_TIMEOUT_MS = 15 * 60_000
const WANTED = ['python3-torch', 'python3-numpy', 'libopenblas0-pthread']
const run = promisify(execFile)

/**
 * Downloads the closure of Debian's PyTorch with apt, as any user and without installing anything: against an empty
 * package status, so that the result does not depend on what this machine has. apt checks every package's hash and
 * the lists' signatures. Uses this machine's lists, or, where those do not name what can be had, fresh ones.
 * @param dir where the packages and apt's own files go
 * @returns the .deb files, sorted by name
 * Errors: ImageNotLoaded.
 */
export async function fetchPackages(dir: string): Promise<string[]> {
  for (const tool of ['/usr/bin/apt-get', '/usr/bin/dpkg-deb']) {
    if (!existsSync(tool)) {
      throw new ImageNotLoaded(
        `there is no ${tool} here, and the PyTorch image is made of Debian packages`,
        'Build it on Debian 12 on x86-64 and bring it over with docker save and docker load.',
      )
    }
  }
  if (process.arch !== 'x64') {
    throw new ImageNotLoaded(
      `this machine is ${process.arch}, the image is for x86-64`,
      'Use an x86-64 host.',
    )
  }
  const archives = join(dir, 'archives')
  try {
    await download(dir, archives, [])
  } catch {
    const lists = [`Dir::State::lists=${join(dir, 'lists')}`]
    await mkdir(join(dir, 'lists', 'partial'), { recursive: true })
    await apt(dir, archives, lists, ['update'])
    await download(dir, archives, lists)
  }
  const names = (await readdir(archives)).filter((name) => name.endsWith('.deb')).sort()
  if (!names.some((name) => name.startsWith('libtorch'))) {
    throw new ImageNotLoaded('apt downloaded no PyTorch', 'Check apt sources: bookworm main is needed.')
  }
  return names.map((name) => join(archives, name))
}

async function download(dir: string, archives: string, options: string[]): Promise<void> {
  await rm(archives, { recursive: true, force: true })
  await mkdir(join(archives, 'partial'), { recursive: true })
  await writeFile(join(dir, 'status'), '')
  await apt(dir, archives, options, ['install', '--yes', '--no-install-recommends', ...WANTED])
}

async function apt(dir: string, archives: string, options: string[], args: string[]): Promise<void> {
  const settings = [
    ...options,
    `Dir::State::status=${join(dir, 'status')}`,
    `Dir::Cache::archives=${archives}`,
    `Dir::Cache::pkgcache=${join(dir, 'pkgcache.bin')}`,
    `Dir::Cache::srcpkgcache=${join(dir, 'srcpkgcache.bin')}`,
    'APT::Get::Download-Only=true',
    'APT::Sandbox::User=',
    'Debug::NoLocking=1',
  ]
  try {
    await run('/usr/bin/apt-get', ['-q', ...settings.flatMap((setting) => ['-o', setting]), ...args], {
      timeout: DOWNLOAD_TIMEOUT_MS,
      maxBuffer: 16 * 1024 ** 2,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    })
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    const words = (stderr ?? '').trim().split('\n').at(-1) || String(error)
    throw new ImageNotLoaded(
      `apt-get ${args[0]} failed: ${words}`,
      'Check the network and apt sources (Debian 12, main), and try again.',
    )
  }
}
