import { readSafetensors } from './canonical/safetensors.ts'
import { type Hex, toHex } from './hash/hex.ts'
import { stateRoot } from './hash/stateRoot.ts'

/** State root of a checkpoint file. Throws SafetensorsInvalid. */
export function checkpointRoot(bytes: Uint8Array): Hex {
  return toHex(stateRoot(readSafetensors(bytes)))
}
