import { ImageNotRun } from '../bundle/blocked.ts'
import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { addBytes } from '../content/addBytes.ts'
import { resultIndex } from '../resultIndex.ts'
import { type Finding, fail } from '../verdict.ts'

/** The delivered model is the last checkpoint's weights, and the order's result names it and its metrics. */
export async function checkModel(bundle: Bundle): Promise<Finding[]> {
  const expected = bundle.model()
  if (!expected) return []
  const { steps } = bundle.coverage()
  if (Buffer.compare(bundle.bytes(PATHS.model), expected) !== 0)
    return [fail(`${PATHS.model} is not checkpoint ${steps}'s weights`)]
  const { resultCid } = bundle.order()
  const metrics = metricsOf(bundle)
  if (resultCid === '' || !metrics) return []
  const { cid } = await addBytes(await resultIndex({ model: expected, metrics }))
  return resultCid === cid ? [] : [fail(`the order's result is ${resultCid}, this is ${cid}`)]
}

/** Where the image cannot be run, those delivered, which the metrics check then leaves undecided. */
function metricsOf(bundle: Bundle): Uint8Array | null {
  try {
    return bundle.metrics()
  } catch (error) {
    if (error instanceof ImageNotRun) return bundle.bytes(PATHS.metrics)
    throw error
  }
}
