import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import type { YardResult } from '../../yard/src/report/yardResult.ts'
import { dockerTest } from '../helpers/docker.ts'
import { editText, flipByte, tamperBundle } from '../helpers/tamperBundle.ts'
import { torchImage } from '../helpers/torchImage.ts'
import { runNode, yardHome } from './runYard.ts'

const TIMEOUT_MS = 900_000
/** Entropy of single characters in the held-out text, in nats: what can be had without looking back. */
const UNIGRAM_NATS = 3.15
const replayer = [process.execPath, 'client/src/images/torch/cli.ts', 'replay'].join(' ')

async function verify(bundle: string, ...options: string[]) {
  const { code, stdout } = await runNode(['verifier/src/cli.ts', 'verify', bundle, '--json', ...options])
  return { code, verdict: JSON.parse(stdout) as { checks: { id: string; status: string; detail: string }[] } }
}

dockerTest(
  'default: the job chargpt is trained in its image, replayed bit for bit, paid, and learns',
  async () => {
    const { imageId } = await torchImage()
    using yard = yardHome()
    const args = ['yard/src/cli.ts', '--home', yard.home, '--port', '0']
    const run = await runNode([...args, '--once', '--json', '--job', 'chargpt'])
    expect(run.code, run.stderr).toBe(0)
    const result = JSON.parse(run.stdout) as YardResult
    expect(result).toMatchObject({
      driver: 'docker',
      order: { status: 'Completed', closeReason: 'WORK_COMPLETED', segments: 16, windows: 2 },
      audit: { failed: 0 },
      verdict: 'valid',
    })
    expect(result.audit.passed).toBe(result.audit.drawn)
    expect(result.audit.drawn).toBeGreaterThanOrEqual(2)

    const bundle = result.bundle!
    const { default: metrics } = await import(join(bundle, 'result/metrics.json'), { with: { type: 'json' } })
    expect(metrics.loss).toBeLessThan(UNIGRAM_NATS - 1)

    const without = await verify(bundle)
    expect(without.code).toBe(2)
    const undecided = without.verdict.checks.filter(({ status }) => status === 'undecided')
    expect(undecided.map(({ id }) => id)).toEqual(['init', 'replay', 'inner', 'metrics'])
    expect(undecided[0]?.detail).toMatch(/Docker/)

    // One bit of a checkpoint that the second window begins with, and one of the metrics.
    tamperBundle(bundle, {
      'checkpoints/480/state.safetensors': (bytes) => flipByte(bytes, 100_000),
      'result/metrics.json': editText((text) => text.replace(/"correct":\d+/, '"correct":20000')),
    })
    const tampered = await verify(bundle, '--replayer', replayer)
    expect(tampered.code).toBe(1)
    const failed = tampered.verdict.checks.filter(({ status }) => status === 'fail').map(({ id }) => id)
    expect(failed).toEqual(expect.arrayContaining(['checkpoint', 'replay', 'metrics']))

    // Nothing stays behind.
    const { stdout } = await promisify(execFile)('docker', ['ps', '-aq', '--filter', `ancestor=${imageId}`])
    expect(stdout).toBe('')
  },
  TIMEOUT_MS,
)
