import type { ChainContext } from './context.ts'
import { read } from './read.ts'
import type { ParameterFacts } from './readParameters.ts'

/** The parameters that an order was placed under; whatever governance changes, it stays with them. */
export async function readOrderParameters(context: ChainContext, orderId: bigint): Promise<ParameterFacts> {
  const { parametersVersion } = await read(context, 'market', 'agreedOf', [orderId])
  return read(context, 'runtime', 'parametersAt', [parametersVersion])
}
