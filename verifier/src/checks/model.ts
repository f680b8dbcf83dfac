import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { writeModel } from '../canonical/checkpoint.ts'
import { metricsBytes } from '../canonical/evaluate.ts'
import { addBytes } from '../content/addBytes.ts'
import { resultIndex } from '../resultIndex.ts'
import { type Finding, fail } from '../verdict.ts'

/** The delivered model is the last checkpoint's weights, and the order's result names it and its metrics. */
export async function checkModel(bundle: Bundle): Promise<Finding[]> {
  const { complete, steps } = bundle.coverage()
  if (!complete) return []
  const found = bundle.bytes(PATHS.model)
  const expected = writeModel(bundle.checkpoint(steps))
  if (Buffer.compare(found, expected) !== 0)
    return [fail(`${PATHS.model} is not checkpoint ${steps}'s weights`)]
  const { resultCid } = bundle.order()
  const metrics = bundle.metrics()
  if (resultCid === '' || !metrics) return []
  const { cid } = await addBytes(await resultIndex({ model: expected, metrics: metricsBytes(metrics) }))
  return resultCid === cid ? [] : [fail(`the order's result is ${resultCid}, this is ${cid}`)]
}
