import { sha256 } from '#sha256'
import { MANIFEST, MAX_MANIFEST_BYTES, manifestSchema } from '../bundle/manifest.ts'
import type { Bundle } from '../bundle/read.ts'
import { toHex } from '../hash/hex.ts'
import { parseCanonicalJson } from '../json.ts'
import { type Finding, fail } from '../verdict.ts'

/** The directory holds the files that manifest.json lists, byte for byte, and nothing else. */
export function checkManifest(bundle: Bundle): Finding[] {
  const findings = bundle.listing.problems.map(fail)
  const { files } = bundle.listing
  if (!files.has(MANIFEST)) return [...findings, fail(`${MANIFEST} is missing`)]
  const listed = new Map(Object.entries(parseManifest(bundle).files))
  for (const [path, { bytes, sha256: expected }] of listed) {
    if (!files.has(path)) findings.push(fail(`${path} is missing`))
    else if (files.get(path) !== bytes)
      findings.push(fail(`${path} has ${files.get(path)} bytes, not ${bytes}`))
    else if (toHex(sha256(bundle.bytes(path))) !== expected) findings.push(fail(`${path} was changed`))
  }
  for (const path of files.keys()) {
    if (path !== MANIFEST && !listed.has(path)) findings.push(fail(`${path} is not listed`))
  }
  return findings
}

function parseManifest(bundle: Bundle) {
  const size = bundle.listing.files.get(MANIFEST) ?? 0
  const bytes = size <= MAX_MANIFEST_BYTES ? bundle.bytes(MANIFEST) : new Uint8Array(size)
  return parseCanonicalJson(bytes, manifestSchema, 'manifest', MAX_MANIFEST_BYTES)
}
