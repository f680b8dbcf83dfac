import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  buildTorchImage,
  HELPER_DIR,
  type TorchImage,
} from '../../client/src/images/torch/buildTorchImage.ts'
import { docker } from './docker.ts'

let image: Promise<TorchImage> | undefined

/** The PyTorch image; built where the engine lacks it, which needs the network and about a minute. */
export function torchImage(): Promise<TorchImage> {
  image ??= buildTorchImage({ docker, workDir: join(tmpdir(), `trainyard-torch-test-${process.pid}`) })
  return image
}

/**
 * Runs Python code in the image, with the helper imported as `trainyard` and `given` parsed from JSON, and returns
 * the JSON value that it leaves in `result`.
 */
export async function runPython<T>(given: unknown, code: string): Promise<T> {
  const { imageId } = await torchImage()
  const mount = ['-v', `${HELPER_DIR}:/trainer:ro`]
  const args = ['run', '--rm', '-i', '--network', 'none', ...mount, '--entrypoint', '/usr/bin/python3']
  const before =
    'import json, sys; sys.path.insert(0, "/trainer"); import trainyard; given = json.load(sys.stdin)'
  const script = `${before}\n${code}\nprint(json.dumps(result))`
  const child = spawn('docker', [...args, imageId, '-I', '-B', '-c', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.end(JSON.stringify(given))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`python exited with ${status}: ${err}`)
  return JSON.parse(out) as T
}
