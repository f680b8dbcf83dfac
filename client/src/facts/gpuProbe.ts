// Runs node-nvidia-smi in a process of its own, which readGpus.ts can end with all its children. That package
// takes child_process.exec when it is loaded: here it gets one with room for many GPUs, in which a warning on
// stderr is no failure, and a failure's text, which is on stdout, is not lost.
import childProcess from 'node:child_process'
import { createRequire } from 'node:module'

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

type Callback = (error: Error | null, stdout: string, stderr: string) => void

const { exec } = childProcess
const limited = (command: string, callback: Callback) =>
  exec(command, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout) =>
    callback(error ? new Error(stdout.trim() || error.message) : null, stdout, ''),
  )
Object.assign(childProcess, { exec: limited })

const nvidiaSmi = createRequire(import.meta.url)('node-nvidia-smi') as (
  callback: (error: unknown, data: unknown) => void,
) => void

nvidiaSmi((error, data) => {
  const answer = error ? { error: error instanceof Error ? error.message : String(error) } : { data }
  process.stdout.write(JSON.stringify(answer), () => process.exit(0))
})
