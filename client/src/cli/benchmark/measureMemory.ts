import { copyRates } from '@trainyard/verifier/benchmark/program/measureHost.ts'
import { type Figure, figureOf } from './figure.ts'

/** Copies of more than the caches hold, counted once each way. */
export function measureMemory(): Figure {
  return figureOf({ id: 'memory', unit: 'MB/s', what: 'memory, one thread, read and written' }, copyRates())
}
