import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writeBundle } from '@trainyard/verifier/bundle/write.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { Replayer } from '@trainyard/verifier/image/runImage.ts'
import { type ImageJob, jobHash } from '@trainyard/verifier/job.ts'
import { modelBytesOf, readImageState } from '@trainyard/verifier/jobState.ts'
import { resultIndex } from '@trainyard/verifier/resultIndex.ts'
import { afterAll } from 'vitest'
import type { How } from '../fixtures/replayers/standIn.ts'
import { bundleParts, type Cheat } from './honestBundle.ts'

const made: string[] = []
afterAll(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

/** A command that replays the bundles made here, without a container. */
export function standInReplayer(how: How = 'honest'): Replayer {
  return [process.execPath, resolve('test/fixtures/replayers/standIn.ts'), how]
}

/** The tiny job as one of an image, whose program keeps the canonical trainer's tensors. */
export function imageJobOf(job: Awaited<ReturnType<typeof bundleParts>>['job']): ImageJob {
  return {
    ...job,
    version: 2,
    environment: { profile: 'image', image: `sha256:${'ab'.repeat(32)}` },
    model: { kind: 'standIn', layers: '4-3-2' },
    checkpointBytes: 65_536,
  }
}

/**
 * An honest, or cheating, bundle of an image's job.
 * @param metrics edits the metrics file before the order names it
 */
export async function imageBundle(
  cheat: Cheat = {},
  metrics: (text: string) => string = (text) => text,
): Promise<string> {
  const parts = await bundleParts(cheat)
  const job = imageJobOf(parts.job)
  const last = readImageState(parts.checkpoints.get(job.steps)!)
  const text = metrics(new TextDecoder().decode(parts.result!.metrics))
  const result = { model: modelBytesOf(last), metrics: new TextEncoder().encode(text) }
  const order = {
    ...parts.order,
    jobHash: jobHash(job),
    terms: { ...parts.order.terms, jobHash: jobHash(job) },
    resultCid: (await addBytes(await resultIndex(result))).cid,
  }
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bundle-'))
  made.push(dir)
  writeBundle(dir, { ...parts, job, order, result })
  return dir
}
