import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { openFolder } from '../../helpers/driverRun.ts'

const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json'
const digestOf = (bytes: Buffer | string) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A layer with one file of these bytes, as a registry keeps it. */
export function layerOf(name: string, bytes: Buffer): { blob: Buffer; diffId: string } {
  const folder = openFolder('layer')
  try {
    writeFileSync(join(folder, name), bytes)
    const tar = execFileSync('tar', ['-C', folder, '-c', name], { maxBuffer: 2 ** 30 })
    return { blob: gzipSync(tar, { level: 1 }), diffId: digestOf(tar) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** As much of a registry as an engine needs to pull by digest (OCI distribution-spec, pull only). */
export class StandInRegistry {
  /** Waits so long before each piece of a blob. */
  pieceDelayMs = 0
  blobBytesSent = 0
  readonly #blobs = new Map<string, Buffer>()
  readonly #manifests = new Map<string, string>()
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request.url ?? '', request.method ?? 'GET', response).catch(() => response.destroy())
  })

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  /** Stores an image of these layers and returns its reference by digest. */
  add(layers: { blob: Buffer; diffId: string }[], architecture = 'amd64'): string {
    const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) }
    const history = layers.map(() => ({ created: '1970-01-01T00:00:00Z' }))
    const config = JSON.stringify({ architecture, os: 'linux', config: { Cmd: ['/x'] }, rootfs, history })
    this.#blobs.set(digestOf(config), Buffer.from(config))
    for (const { blob } of layers) this.#blobs.set(digestOf(blob), blob)
    const mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        size: config.length,
        digest: digestOf(config),
      },
      layers: layers.map(({ blob }) => ({ mediaType, size: blob.length, digest: digestOf(blob) })),
    })
    this.#manifests.set(digestOf(manifest), manifest)
    return `${this.#repository}@${digestOf(manifest)}`
  }

  /** The Id that an engine has for an image of here. */
  idOf(reference: string): string {
    const manifest = this.#manifests.get(reference.slice(reference.indexOf('@') + 1)) ?? '{}'
    return (JSON.parse(manifest) as { config: { digest: string } }).config.digest
  }

  get #repository(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}/jobs/one`
  }

  /** Serves other bytes under a blob's digest. */
  corrupt(layer: { blob: Buffer }): void {
    this.#blobs.set(digestOf(layer.blob), Buffer.concat([layer.blob, Buffer.from('x')]))
  }

  async #answer(url: string, method: string, response: ServerResponse): Promise<void> {
    response.setHeader('docker-distribution-api-version', 'registry/2.0')
    const [, kind, digest = ''] = /^\/v2\/jobs\/one\/(manifests|blobs)\/(.+)$/.exec(url) ?? []
    const manifest = kind === 'manifests' ? this.#manifests.get(digest) : undefined
    const blob = kind === 'blobs' ? this.#blobs.get(digest) : undefined
    if (url === '/v2/') response.end('{}')
    else if (manifest !== undefined) {
      response.writeHead(200, { 'content-type': MANIFEST_TYPE, 'content-length': manifest.length })
      response.end(method === 'HEAD' ? undefined : manifest)
    } else if (blob) await this.#sendBlob(blob, response)
    else response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"unknown"}]}')
  }

  async #sendBlob(blob: Buffer, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-length': blob.length })
    // An engine that has seen enough closes the connection in the middle.
    await pipeline(Readable.from(this.#pieces(blob)), response).catch(() => undefined)
  }

  async *#pieces(blob: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < blob.length; at += 1 << 18) {
      if (this.pieceDelayMs > 0) await sleep(this.pieceDelayMs)
      const piece = blob.subarray(at, at + (1 << 18))
      this.blobBytesSent += piece.length
      yield piece
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
