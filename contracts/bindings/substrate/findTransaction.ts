import type { ApiPromise } from '@polkadot/api'
import type { BlockHeader, Blocks, BlockTransaction } from './blocks.ts'

/** Signed extrinsics are good for 64 blocks: what is in none of so many is in none. */
const SEARCHED_BLOCKS = 96

export type Found = { readonly header: BlockHeader; readonly transaction: BlockTransaction }

/**
 * Substrate nodes keep no index of transactions: the last blocks are searched, each once. Looks in the chain that ends in
 * `head`: a block that a reorganisation took back does not count.
 */
export function createTransactionFinder(
  api: ApiPromise,
  blocks: Blocks,
): (name: string, head: string) => Promise<Found | undefined> {
  const where = new Map<string, Set<string>>()
  const searched = new Set<string>()

  const search = async (hash: string): Promise<void> => {
    for (const { hash: name } of await blocks.transactions(hash)) {
      where.set(name, (where.get(name) ?? new Set()).add(hash))
    }
    searched.add(hash)
  }
  const searchBack = async (head: string): Promise<void> => {
    const top = await blocks.header(head)
    const hashes: string[] = []
    for (let { hash, number, parentHash } = top; !searched.has(hash); ) {
      hashes.push(hash)
      if (number === 0 || number <= top.number - SEARCHED_BLOCKS) break
      ;({ hash, number, parentHash } = await blocks.header(parentHash))
    }
    await Promise.all(hashes.map(search))
  }
  /** All at once, where nothing is known yet: one after the other takes long on a node far away. */
  const begin = async (head: string): Promise<void> => {
    const { number } = await blocks.header(head)
    const numbers = Array.from({ length: Math.min(SEARCHED_BLOCKS, number) }, (_, back) => number - back)
    const hashes = await Promise.all(numbers.map((each) => api.rpc.chain.getBlockHash(each)))
    await Promise.all(hashes.map((hash) => search(hash.toHex())))
  }

  return async (name, head) => {
    if (searched.size === 0) await begin(head)
    await searchBack(head)
    const { number } = await blocks.header(head)
    for (const hash of where.get(name) ?? []) {
      const header = await blocks.header(hash)
      const isThere = header.number <= number && (await api.rpc.chain.getBlockHash(header.number)).eq(hash)
      const transaction = isThere ? await transactionIn(blocks, hash, name) : undefined
      if (transaction) return { header, transaction }
    }
    return undefined
  }
}

async function transactionIn(blocks: Blocks, hash: string, name: string) {
  return (await blocks.transactions(hash)).find((each) => each.hash === name)
}
