import { execFile } from 'node:child_process'
import { lstat, readdir, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { ImageNotLoaded } from '../../drivers/driverErrors.ts'
import { completeLayer, fileEntry, type LayerEntry } from '../layerEntries.ts'
import { parseLdd } from '../sharedLibraries.ts'

const LIB = 'usr/lib/x86_64-linux-gnu'
const LOADER = `${LIB}/ld-linux-x86-64.so.2`
const PYTHON = 'usr/bin/python3.11'
const PACKAGES = 'usr/lib/python3/dist-packages'
/** What is taken whole: Python with its library, PyTorch, NumPy, and what these import. */
const TREES = [
  'usr/lib/python3.11',
  ...['torch', 'torchgen', 'functorch', 'numpy', 'astunparse', 'yaml'].map((name) => `${PACKAGES}/${name}`),
  ...['six.py', 'typing_extensions.py'].map((name) => `${PACKAGES}/${name}`),
]
const LEFT_OUT = [
  /^usr\/lib\/python3\.11\/(test|idlelib|lib2to3|ensurepip|turtledemo|pydoc_data)$/,
  /\/torch\/(include|share|test|testing\/_internal)$/,
  /\/torch\/bin\/(?!torch_shm_manager$)/,
  /\/numpy\/.*\/tests$/,
]
/** Of the folder with the helper: what the image gets of it. */
export const HELPERS = ['benchmark.py', 'chargpt.py', 'trainyard.py']
/** Debian chooses among BLAS libraries when it installs; here the choice is part of the image. */
const LINKS: Record<string, string> = {
  [`${LIB}/libblas.so.3`]: 'openblas-pthread/libblas.so.3',
  [`${LIB}/liblapack.so.3`]: 'openblas-pthread/liblapack.so.3',
  [`${LIB}/libopenblas.so.0`]: 'openblas-pthread/libopenblas.so.0',
  'usr/bin/python3': 'python3.11',
  'usr/bin/python': 'python3.11',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  'usr/lib64/ld-linux-x86-64.so.2': '../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
}

/**
 * What the PyTorch image holds, out of unpacked Debian packages and the folder with the helper: Python, PyTorch,
 * NumPy, the shared libraries that they need, and nothing else: no shell, no package manager.
 */
export async function torchEntries(root: string, helperDir: string): Promise<LayerEntry[]> {
  const trees = (await Promise.all(TREES.map((tree) => walk(root, tree)))).flat()
  const programs = [
    PYTHON,
    ...trees.flatMap((entry) => (entry.kind === 'file' && isLibraryName(entry.name) ? [entry.name] : [])),
  ]
  const libraries = await librariesOf(root, programs)
  const links = Object.entries(LINKS).map(([name, target]) => ({ kind: 'link' as const, name, target }))
  const helper = HELPERS.map((name) => fileEntry(join(helperDir, name), `trainer/${name}`, 0o644))
  return completeLayer([
    ...trees,
    ...(await Promise.all(libraries.map((name) => fileOrLink(root, name)))).flat(),
    await fileEntry(join(root, PYTHON), PYTHON, 0o755),
    await fileEntry(join(root, LOADER), LOADER, 0o755),
    ...links,
    ...(await Promise.all(helper)),
  ])
}

function isLibraryName(name: string): boolean {
  return /\.so(\.|$)/.test(basename(name))
}

/** Files and links of a tree, and the files that links mean. */
async function walk(root: string, name: string): Promise<LayerEntry[]> {
  if (LEFT_OUT.some((pattern) => pattern.test(name))) return []
  const path = join(root, name)
  if (!(await lstat(path)).isDirectory()) return fileOrLink(root, name)
  const names = (await readdir(path)).sort()
  return (await Promise.all(names.map((each) => walk(root, `${name}/${each}`)))).flat()
}

/** Links that lead nowhere, as those to other packages' documents do, are dropped. */
async function fileOrLink(root: string, name: string): Promise<LayerEntry[]> {
  const info = await lstat(join(root, name))
  if (info.isFile()) return [await fileEntry(join(root, name), name, modeOf(name, info.mode))]
  const target = await readlink(join(root, name))
  const path = target.startsWith('/') ? join(root, target) : join(root, dirname(name), target)
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined || !real.startsWith(`${root}/`) || !(await lstat(real)).isFile()) return []
  const meant = relative(root, real)
  return [
    { kind: 'link', name, target: relative(dirname(name), meant) },
    await fileEntry(real, meant, modeOf(meant, (await lstat(real)).mode)),
  ]
}

function modeOf(name: string, mode: number): number {
  return isLibraryName(name) || mode & 0o111 ? 0o755 : 0o644
}

/** Asks the packages' own loader what these files need; names relative to root. */
async function librariesOf(root: string, programs: readonly string[]): Promise<string[]> {
  const folders = [LIB, 'usr/lib', `${LIB}/openblas-pthread`].map((name) => join(root, name))
  const found = new Set<string>()
  for (const program of programs) {
    const args = ['--inhibit-cache', '--library-path', folders.join(':'), '--list', join(root, program)]
    const { stdout } = await promisify(execFile)(join(root, LOADER), args, { env: { LC_ALL: 'C' } })
    for (const path of parseLdd(stdout)) {
      if (basename(path) === basename(LOADER)) continue
      if (!path.startsWith(`${root}/`))
        throw new ImageNotLoaded(`${program} needs ${path}, which is in no package`, 'Report this.')
      found.add(relative(root, path))
    }
  }
  return [...found].sort()
}
