import type { BlockHeader, BlockTransaction } from './blocks.ts'
import type { Found } from './findTransaction.ts'

/** Blocks, transactions and logs as Ethereum nodes write them. */

const NO_HASH = `0x${'0'.repeat(64)}`
const NOBODY = `0x${'0'.repeat(40)}`
const NO_BLOOM = `0x${'0'.repeat(512)}`
/** Ethereum knows one kind of signature; the account's own is another, which the chain has checked. */
const NO_SIGNATURE = { r: `0x${'0'.repeat(63)}1`, s: `0x${'0'.repeat(63)}1`, v: '0x1b' }

type LogFilter = {
  address?: string | readonly string[]
  topics?: readonly (string | readonly string[] | null)[]
}
type Block = { readonly header: BlockHeader; readonly transactions: readonly BlockTransaction[] }

export function blockJson(header: BlockHeader, transactions: readonly BlockTransaction[]) {
  return {
    number: hex(header.number),
    hash: header.hash,
    parentHash: header.parentHash,
    timestamp: hex(header.timestamp),
    nonce: '0x0000000000000000',
    difficulty: '0x0',
    gasLimit: '0x0',
    gasUsed: '0x0',
    miner: NOBODY,
    extraData: '0x',
    transactions: transactions.map((transaction) => transactionJson(transaction, header)),
  }
}

export function transactionJson(
  transaction: Omit<BlockTransaction, 'outcome'>,
  header: BlockHeader | undefined,
) {
  const { asked, hash, index, from, nonce } = transaction
  return {
    hash,
    from,
    to: asked.to ?? null,
    nonce: hex(nonce),
    input: asked.data,
    value: hex(asked.valueWei),
    gas: '0x0',
    gasPrice: '0x0',
    type: '0x0',
    blockNumber: header ? hex(header.number) : null,
    blockHash: header?.hash ?? null,
    transactionIndex: header ? hex(index) : null,
    ...NO_SIGNATURE,
  }
}

/** @param all of the block, since a log's index counts through it */
export function receiptJson(found: Found, all: readonly BlockTransaction[], weiPerUnit: bigint) {
  const { header, transaction } = found
  const { hash, index, from, asked, outcome } = transaction
  const { gasUsed, feeUnits } = outcome
  const feeWei = feeUnits * weiPerUnit
  return {
    transactionHash: hash,
    transactionIndex: hex(index),
    blockNumber: hex(header.number),
    blockHash: header.hash,
    from,
    to: asked.to ?? null,
    contractAddress: outcome.created ?? null,
    status: outcome.isOk ? '0x1' : '0x0',
    gasUsed: hex(gasUsed),
    cumulativeGasUsed: hex(gasUsed),
    effectiveGasPrice: hex(gasUsed === 0n ? 0n : feeWei / gasUsed),
    logs: logsOf({ header, transactions: all }).filter((log) => log.transactionHash === hash),
    logsBloom: NO_BLOOM,
    root: NO_HASH,
    type: '0x0',
  }
}

export function logsJson(blocks: readonly Block[], filter: unknown) {
  const { address, topics } = filter as LogFilter
  const addresses = address === undefined ? undefined : [address].flat().map((each) => each.toLowerCase())
  return blocks
    .flatMap(logsOf)
    .filter((log) => addresses === undefined || addresses.includes(log.address.toLowerCase()))
    .filter((log) => fits(log.topics, topics ?? []))
}

function fits(topics: readonly string[], wanted: NonNullable<LogFilter['topics']>): boolean {
  return wanted.every((each, position) => each === null || [each].flat().includes(topics[position] ?? ''))
}

function logsOf({ header, transactions }: Block) {
  const logs = transactions.flatMap(({ hash, index, outcome }) =>
    outcome.isOk
      ? outcome.logs.map((log) => ({ ...log, transactionHash: hash, transactionIndex: hex(index) }))
      : [],
  )
  return logs.map((log, position) => ({
    ...log,
    logIndex: hex(position),
    blockNumber: hex(header.number),
    blockHash: header.hash,
    removed: false,
  }))
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`
}
