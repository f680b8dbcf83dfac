import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import { repositoryRoot } from '../paths.ts'

/** Bytes of text that the model sees at once; a row is that many, and its label the byte after them. */
export const CONTEXT = 64

const STRIDE = 32
/** Texts by what they are used for: the model is tested on a document that it has never seen. */
const TEXTS = {
  train: ['GPL-1', 'GPL-2', 'GPL-3', 'LGPL-2.1', 'LGPL-3'],
  heldOut: ['GFDL-1.3'],
} as const

/** The data files of the chargpt job, made from the texts in yard/samples/chargpt: the same bytes on every machine. */
export function chargptData(
  folder = join(repositoryRoot, 'yard', 'samples', 'chargpt', 'texts'),
): Record<keyof typeof TEXTS, Uint8Array> {
  const file = (names: readonly string[]) =>
    dataFile(names.map((name) => readFileSync(join(folder, `${name}.txt`))))
  return { train: file(TEXTS.train), heldOut: file(TEXTS.heldOut) }
}

/** Rows of one text overlap by half; none spans two texts. What is left at a text's end is not used. */
function dataFile(texts: readonly Uint8Array[]): Uint8Array {
  const images: Uint8Array[] = []
  const labels: number[] = []
  for (const text of texts) {
    for (let at = 0; at + CONTEXT < text.length; at += STRIDE) {
      images.push(text.subarray(at, at + CONTEXT))
      labels.push(text[at + CONTEXT]!)
    }
  }
  return writeSafetensors([
    { name: 'images', dtype: 'U8', shape: [images.length, CONTEXT], bytes: Buffer.concat(images) },
    { name: 'labels', dtype: 'U8', shape: [labels.length], bytes: Uint8Array.from(labels) },
  ])
}
