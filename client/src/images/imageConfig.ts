import { createHash } from 'node:crypto'

const ARCHITECTURE: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/** What an image runs, and with which variables. */
export type Launch = { entrypoint: string[]; env: string[] }

/**
 * The image's config (OCI image-spec, config.md) and its SHA-256, which is the image Id. Nothing in it
 * depends on when or where it was built, so the Id is known before an engine sees the image.
 */
export function imageConfig(layerSha256: string, launch: Launch): { json: string; sha256: string } {
  const json = JSON.stringify({
    architecture: ARCHITECTURE[process.arch] ?? process.arch,
    config: {
      Entrypoint: launch.entrypoint,
      Env: launch.env,
      User: '65534:65534',
      WorkingDir: '/',
    },
    created: '1970-01-01T00:00:00Z',
    history: [{ created: '1970-01-01T00:00:00Z' }],
    os: 'linux',
    rootfs: { diff_ids: [`sha256:${layerSha256}`], type: 'layers' },
  })
  return { json, sha256: createHash('sha256').update(json).digest('hex') }
}
