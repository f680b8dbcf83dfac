import type { TaskFacts } from '@trainyard/contracts/readTask.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { fillIn } from '@trainyard/verifier/drill/fillIn.ts'
import { parseTask } from '@trainyard/verifier/drill/parseTask.ts'
import type { DrillTask } from '@trainyard/verifier/drill/task.ts'
import { ZeroHash } from 'ethers'
import type { Scorer } from './scorer.ts'

/** What a task asks for: a fill-in, or what was submitted, found by its hash. Undefined: nobody has it, or it is none. */
export async function taskOf(
  { fetchData, logger }: Scorer,
  { spec, seed, nut }: TaskFacts,
): Promise<DrillTask | undefined> {
  if (spec === ZeroHash) return fillIn(seed)
  try {
    return parseTask(await fetchData(rawCid(spec)), nut)
  } catch (err) {
    logger.info({ msg: 'a submitted drilling task cannot be done', spec, err })
    return undefined
  }
}
