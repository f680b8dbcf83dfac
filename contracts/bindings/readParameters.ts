import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type ParameterFacts = OutputOf<'runtime', 'parameters'>

/** The parameters that the runtime was deployed with. */
export function readParameters(context: ChainContext): Promise<ParameterFacts> {
  return read(context, 'runtime', 'parameters', [])
}
