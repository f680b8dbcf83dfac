import type { ApiPromise } from '@polkadot/api'
import type { Asked, ContractPallet, EventRecord, Outcome } from './pallet.ts'
import { remember } from './remember.ts'

const KEPT_BLOCKS = 1_024

export type BlockHeader = {
  readonly number: number
  readonly hash: string
  readonly parentHash: string
  /** Unix seconds */
  readonly timestamp: number
}

/** An extrinsic that asked the EVM for something. */
export type BlockTransaction = {
  readonly hash: string
  readonly index: number
  readonly from: string
  readonly nonce: number
  readonly asked: Asked
  readonly outcome: Outcome
}

/** Blocks by hash, which never change. */
export type Blocks = {
  header(hash: string): Promise<BlockHeader>
  /** Those that concern the EVM, in order. */
  transactions(hash: string): Promise<readonly BlockTransaction[]>
}

/** Reads blocks and keeps the newest. */
export function createBlocks(api: ApiPromise, pallet: ContractPallet): Blocks {
  const header = remember(KEPT_BLOCKS, (hash) => readHeader(api, hash))
  const transactions = remember(KEPT_BLOCKS, (hash) => readTransactions(api, pallet, hash))
  return { header, transactions }
}

async function readHeader(api: ApiPromise, hash: string): Promise<BlockHeader> {
  const [{ number, parentHash }, then] = await Promise.all([api.rpc.chain.getHeader(hash), api.at(hash)])
  const now = Number(String(await then.query.timestamp!.now!()))
  return {
    number: number.toNumber(),
    hash,
    parentHash: parentHash.toHex(),
    timestamp: Math.floor(now / 1000),
  }
}

async function readTransactions(
  api: ApiPromise,
  pallet: ContractPallet,
  hash: string,
): Promise<BlockTransaction[]> {
  const [{ block }, then] = await Promise.all([api.rpc.chain.getBlock(hash), api.at(hash)])
  const asked = block.extrinsics.map(({ method }) => pallet.asked(method))
  if (asked.every((each) => each === undefined)) return []
  const records = (await then.query.system!.events!()) as unknown as readonly EventRecord[]
  const found: BlockTransaction[] = []
  for (const [index, extrinsic] of block.extrinsics.entries()) {
    const what = asked[index]
    if (!what) continue
    const own = records.filter(
      ({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.toNumber() === index,
    )
    const from = what.from ?? (await pallet.addressOf(extrinsic.signer.toString(), hash))
    if (from === undefined) continue
    found.push({
      hash: what.ethereum?.hash ?? extrinsic.hash.toHex(),
      index,
      from,
      nonce: what.ethereum?.nonce ?? extrinsic.nonce.toNumber(),
      asked: what,
      outcome: pallet.outcomeOf(own),
    })
  }
  return found
}
