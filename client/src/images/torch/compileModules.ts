import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ImageNotLoaded } from '../../drivers/driverErrors.ts'

const TIMEOUT_MS = 300_000

const LIST = `
import sys, torch
files = {getattr(module, "__file__", None) or "" for module in sys.modules.values()}
print("\\n".join(sorted(name for name in files if name.startswith(sys.argv[1]) and name.endswith(".py"))))`

// Unchecked: files in the layer have no times that a cached module could be compared with.
const COMPILE = `
import py_compile, sys
root = sys.argv[1]
for name in sys.stdin.read().split("\\n"):
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(name, dfile=name[len(root):], doraise=True, invalidation_mode=mode)`

/**
 * Compiles the modules that `import torch` loads, with the unpacked Python itself: each start of a container takes a
 * second of processor time less. The same bytes every time: names are hashed with a fixed seed, by a process that has
 * imported nothing else. Errors: ImageNotLoaded.
 */
export async function compileModules(root: string): Promise<void> {
  try {
    const files = await runPython(root, LIST, '')
    await runPython(root, COMPILE, files.trim())
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    const words = (stderr ?? '').trim().split('\n').at(-1) || String(error)
    throw new ImageNotLoaded(
      `the unpacked Python does not run: ${words}`,
      'Build the image on x86-64 with Debian 12.',
    )
  }
}

async function runPython(root: string, code: string, input: string): Promise<string> {
  const lib = join(root, 'usr/lib/x86_64-linux-gnu')
  const path = [lib, join(root, 'usr/lib'), join(lib, 'openblas-pthread')].join(':')
  const args = ['--inhibit-cache', '--library-path', path, join(root, 'usr/bin/python3.11'), '-c', code, root]
  const run = promisify(execFile)(join(lib, 'ld-linux-x86-64.so.2'), args, {
    timeout: TIMEOUT_MS,
    maxBuffer: 16 * 1024 ** 2,
    env: {
      PYTHONHOME: join(root, 'usr'),
      PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
      PYTHONHASHSEED: '0',
      PYTHONDONTWRITEBYTECODE: '1',
      LC_ALL: 'C.UTF-8',
      HOME: '/nonexistent',
    },
  })
  run.child.stdin?.end(input)
  return (await run).stdout
}
