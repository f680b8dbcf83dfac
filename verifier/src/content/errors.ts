import { VerifierError } from '../errors.ts'

/** A block's bytes do not hash to the CID they were served for. */
export class ContentMismatch extends VerifierError {
  override name = 'ContentMismatch'
  constructor(cid: string, source: string) {
    super(
      `${source} served other bytes for block ${cid}.`,
      'Fetch it from another gateway: this one is faulty or lies.',
    )
  }
}

/** More bytes than the reader allows. */
export class ContentTooLarge extends VerifierError {
  override name = 'ContentTooLarge'
  constructor(what: string, maxBytes: number) {
    super(`${what} is larger than ${maxBytes} bytes.`, 'Reject it: what it should hold is smaller.')
  }
}

/** The bytes cannot be had now; they may be had later. */
export class ContentUnavailable extends VerifierError {
  override name = 'ContentUnavailable'
  /** HTTP status, or undefined if there was no answer at all */
  readonly status: number | undefined
  constructor(what: string, reason: string, status?: number) {
    super(`${what} is not available: ${reason}.`, 'Try again later or from another source.')
    this.status = status
  }
}

/** A store does not take blocks now; it may later. */
export class StoreUnavailable extends ContentUnavailable {
  override name = 'StoreUnavailable'
  override readonly suggestion = 'Try again later or with another store. No money moved.'
  /** @param sentence what the store did, as people read it */
  constructor(sentence: string, status?: number) {
    super('The store', 'see the message', status)
    this.message = sentence
  }
}

/** Not what this project stores: a CIDv1 of a file with sha2-256, raw or dag-pb. */
export class ContentUnsupported extends VerifierError {
  override name = 'ContentUnsupported'
  constructor(cid: string, reason: string) {
    super(
      `${cid} cannot be read: ${reason}.`,
      'Add the bytes again as a plain file (CIDv1, UnixFS, sha2-256).',
    )
  }
}
