import type { ChainContext } from '@trainyard/contracts/context.ts'
import { modesMask } from '@trainyard/contracts/modesMask.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { setModes } from '@trainyard/contracts/setModes.ts'
import { proofModes } from '@trainyard/contracts/words.ts'

/** Announces on chain how a machine's orders may be proved, unless that is what is there. */
export async function ensureModes(
  chain: ChainContext,
  machineId: bigint,
  wanted: readonly string[],
): Promise<void> {
  const modes = proofModes.filter((mode) => wanted.includes(mode.toLowerCase()))
  if ((await readMachine(chain, machineId)).modes === modesMask(modes)) return
  await setModes(chain, { machineId, modes })
}
