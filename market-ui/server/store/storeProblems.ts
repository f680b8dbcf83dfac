import type { CID } from 'multiformats/cid'
import { HttpProblem } from '../errors.ts'

export const tooLarge = (bytes: number, maxBytes: number) =>
  new HttpProblem(
    413,
    'Block too large',
    `A block may have ${maxBytes} bytes; this one has ${bytes}.`,
    'Split the content into 256 KiB chunks, as UnixFS does.',
  )

export const wrongHash = (cid: CID) =>
  new HttpProblem(
    400,
    'The bytes are not this block',
    `The SHA-256 of the bytes is not the one in ${cid.toString()}. Nothing was stored.`,
    'Send the block whose hash the CID names.',
  )

export const storeFull = (maxBytes: number) =>
  new HttpProblem(
    507,
    'The store is full',
    `The store may take ${maxBytes} bytes, and all it has is new or needed by an order.`,
    'Use another store, or ask the operator to raise storeMaxBytes.',
  )

export const shareFull = (maxBytes: number) =>
  new HttpProblem(
    507,
    'Your share of the store is full',
    `One address may keep ${maxBytes} bytes here, and all it has is new or needed by an order.`,
    'Use another store, or try again once your orders are settled.',
  )

export const diskFull = () =>
  new HttpProblem(
    507,
    "The store's disk is full",
    'There is no room for this block. Nothing was stored.',
    'Use another store, or ask the operator to free some space.',
  )

export const tooManyUploads = () =>
  new HttpProblem(
    503,
    'Too many uploads at once',
    'As many blocks as this server holds in memory are on their way.',
    'Send fewer blocks at a time; try again in a second.',
  )
