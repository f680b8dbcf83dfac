import type { ApiPromise } from '@polkadot/api'

const NO_BLOCK = `0x${'0'.repeat(64)}`

/** Which block Ethereum's block tags mean. */
export function createChainReader(api: ApiPromise) {
  const hashOfNumber = async (number: number): Promise<string> => {
    const hash = (await api.rpc.chain.getBlockHash(number)).toHex()
    if (hash === NO_BLOCK) throw new Error(`the node has no block ${number}`)
    return hash
  }
  const finalHash = async () => (await api.rpc.chain.getFinalizedHead()).toHex() as string
  async function hashAt(tag: unknown): Promise<string>
  async function hashAt(tag: unknown, mayBeNone: true): Promise<string | undefined>
  async function hashAt(tag: unknown, mayBeNone?: true): Promise<string | undefined> {
    if (tag === 'finalized' || tag === 'safe') return finalHash()
    if (tag === 'earliest') return hashOfNumber(0)
    if (typeof tag !== 'string' || !tag.startsWith('0x')) {
      return (await api.rpc.chain.getBlockHash()).toHex()
    }
    const hash = (await api.rpc.chain.getBlockHash(Number(tag))).toHex()
    if (hash !== NO_BLOCK && hash !== '0x') return hash
    if (mayBeNone) return undefined
    throw new Error(`the node has no block ${Number(tag)}`)
  }
  return { hashAt, finalHash, hashOfNumber }
}
