import { dice } from './mutate.ts'
import type { Target } from './targets.ts'

export type FuzzFigures = {
  name: string
  inputs: number
  rejected: number
  /** read as something else than the honest bytes */
  other: number
  slowestMs: number
  peakRssBytes: number
}

const SAMPLE_EVERY = 1_000

/**
 * Feeds a reader mutated inputs. Throws what the reader throws if that is no rejection, with the input; and Error for
 * a forgery, or an input that took longer than `limitMs`.
 */
export function runFuzz(target: Target, inputs: number, seed: number, limitMs: number): FuzzFigures {
  const { name, honest, isRejection } = target
  if (target.read(honest) !== 'same') throw new Error(`${name}: the honest input is not read`)
  const roll = dice(seed)
  const figures = { name, inputs, rejected: 0, other: 0, slowestMs: 0, peakRssBytes: 0 }
  for (let run = 0; run < inputs; run++) {
    const bytes = target.mutate(honest, roll)
    const startMs = performance.now()
    try {
      const found = target.read(bytes)
      if (found === 'forged') throw new Error(`${name}: a forgery was accepted: ${shown(bytes)}`)
      if (found === 'other') figures.other++
    } catch (cause) {
      if (!isRejection(cause)) throw new Error(`${name}, input ${run}: ${shown(bytes)}`, { cause })
      figures.rejected++
    }
    figures.slowestMs = Math.max(figures.slowestMs, performance.now() - startMs)
    if (figures.slowestMs > limitMs) throw new Error(`${name}: ${limitMs} ms are over for ${shown(bytes)}`)
    if (run % SAMPLE_EVERY === 0) {
      figures.peakRssBytes = Math.max(figures.peakRssBytes, process.memoryUsage.rss())
    }
  }
  return figures
}

const shown = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 4_096)).toString('base64')
