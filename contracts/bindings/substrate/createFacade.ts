import type { ApiPromise } from '@polkadot/api'
import { type JsonRpcPayload, Transaction } from 'ethers'
import type { RpcAnswer } from '../rpc/createEndpoint.ts'
import { type Blocks, createBlocks } from './blocks.ts'
import { createChainReader } from './chainReader.ts'
import { createTransactionFinder } from './findTransaction.ts'
import type { ContractPallet, RuntimeCall } from './pallet.ts'
import { poolAnswer, type RpcFault } from './poolAnswer.ts'
import { blockJson, logsJson, receiptJson, transactionJson } from './toEthereum.ts'
import { createUnderWay } from './underWay.ts'
import { callOf, createViews } from './views.ts'

/** Answers what ethers asks an Ethereum node, out of a Substrate chain. */
export type Facade = {
  request(payload: JsonRpcPayload): Promise<RpcAnswer>
  readonly blocks: Blocks
}

/** A JSON-RPC method's answer that is an error of the chain, not of the way to it. */
class Fault extends Error {
  readonly fault: RpcFault
  constructor(fault: RpcFault) {
    super(fault.message)
    this.fault = fault
  }
}

/** An extrinsic that is in no block yet. */
type Waiting = {
  readonly method: RuntimeCall
  readonly hash: { toHex(): string }
  readonly signer: { toString(): string }
  readonly nonce: { toNumber(): number }
}

type Methods = Readonly<Record<string, (params: readonly unknown[]) => Promise<unknown>>>

/**
 * @param ownAccount answers for the balance of the signer's address before the chain knows whose it is
 * Rejects where the node does not answer.
 */
export function createFacade(
  api: ApiPromise,
  pallet: ContractPallet,
  ownBalanceWei: (address: string, at: string) => Promise<bigint | undefined>,
): Facade {
  const blocks = createBlocks(api, pallet)
  const methods = { ...stateMethods(api, pallet, ownBalanceWei), ...blockMethods(api, pallet, blocks) }
  const known: Methods = methods
  return {
    blocks,
    async request({ id, method, params }) {
      const answer = known[method]
      const given = Array.isArray(params) ? params : []
      if (!answer) return { id, error: { code: -32_601, message: `${method} is not known here` } }
      try {
        return { id, result: await answer(given) }
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        return { id, error: error.fault }
      }
    },
  }
}

function stateMethods(
  api: ApiPromise,
  pallet: ContractPallet,
  ownBalanceWei: (address: string, at: string) => Promise<bigint | undefined>,
): Methods {
  const { hashAt } = createChainReader(api)
  const views = createViews(pallet)
  const run = async ([request, tag]: readonly unknown[]) => {
    const result = await views(callOf(request), await hashAt(tag))
    if (!result.isOk) throw new Fault({ code: 3, message: 'execution reverted', data: result.data })
    return result
  }
  return {
    eth_chainId: async () => hex(await pallet.chainId()),
    eth_gasPrice: async () => hex(await pallet.gasPriceWei()),
    eth_call: async (params) => (await run(params)).data,
    async eth_estimateGas([request]) {
      const gas = await pallet.ethereumGas?.(callOf(request), await hashAt('latest'))
      if (typeof gas === 'bigint') return hex(gas)
      if (gas) throw new Fault({ code: 3, message: 'execution reverted', data: gas.revertData })
      return hex((await run([request, 'latest'])).gas)
    },
    eth_getCode: async ([address, tag]) => pallet.code(String(address), await hashAt(tag)),
    eth_getTransactionCount: async ([address, tag]) =>
      hex(await pallet.evmNonce(String(address), await hashAt(tag))),
    async eth_getBalance([address, tag]) {
      const at = await hashAt(tag)
      const own = await ownBalanceWei(String(address), at)
      return hex(own ?? (await pallet.balanceWei(String(address), at)))
    },
  }
}

/** An extrinsic is no transaction of Ethereum's: it begins with its length, which no RLP of one fits. */
function isEthereumTransaction(raw: string): boolean {
  try {
    return Transaction.from(raw).isSigned()
  } catch {
    return false
  }
}

function blockMethods(api: ApiPromise, pallet: ContractPallet, blocks: Blocks): Methods {
  const { hashAt, finalHash, hashOfNumber } = createChainReader(api)
  const find = createTransactionFinder(api, blocks)
  const underWay = createUnderWay()
  const block = async (hash: string | undefined, withTransactions: unknown) => {
    if (hash === undefined) return null
    const transactions = withTransactions === true ? await blocks.transactions(hash) : []
    return blockJson(await blocks.header(hash), transactions)
  }
  return {
    eth_blockNumber: async () => hex((await blocks.header(await hashAt('latest'))).number),
    eth_getBlockByNumber: async ([tag, full]) => block(await hashAt(tag, true), full),
    eth_getBlockByHash: async ([hash, full]) => block(String(hash), full),
    // Only what is final has happened: a receipt is what money is counted by.
    async eth_getTransactionReceipt([hash]) {
      const found = await find(String(hash), await finalHash())
      return found
        ? receiptJson(found, await blocks.transactions(found.header.hash), pallet.weiPerUnit)
        : null
    },
    async eth_sendRawTransaction([raw]) {
      const isEthereum = pallet.wrapEthereum !== undefined && isEthereumTransaction(String(raw))
      const extrinsic = isEthereum ? pallet.wrapEthereum!(String(raw)).toHex() : String(raw)
      try {
        const hash = (await api.rpc.author.submitExtrinsic(extrinsic)).toHex()
        const name = isEthereum ? Transaction.from(String(raw)).hash! : hash
        underWay.add(name, extrinsic)
        return name
      } catch (error) {
        const refusal = poolAnswer(error)
        throw refusal ? new Fault(refusal) : error
      }
    },
    async eth_getTransactionByHash([hash]) {
      const found = await find(String(hash), await hashAt('latest'))
      if (found) return transactionJson(found.transaction, found.header)
      const own = underWay.find(String(hash))
      const waiting = own
        ? [api.createType('Extrinsic', own) as Waiting]
        : ((await api.rpc.author.pendingExtrinsics()) as unknown as readonly Waiting[])
      for (const extrinsic of waiting) {
        const asked = pallet.asked(extrinsic.method)
        if (!asked || (asked.ethereum?.hash ?? extrinsic.hash.toHex()) !== hash) continue
        const from =
          asked.from ?? (await pallet.addressOf(extrinsic.signer.toString(), await hashAt('latest')))
        const nonce = asked.ethereum?.nonce ?? extrinsic.nonce.toNumber()
        return transactionJson({ hash: String(hash), index: 0, from: from ?? '', nonce, asked }, undefined)
      }
      return null
    },
    async eth_getLogs([filter]) {
      const wanted = filter as { fromBlock?: string; toBlock?: string; blockHash?: string }
      if (wanted.blockHash !== undefined) return logsJson([await inBlock(wanted.blockHash)], filter)
      const head = (await blocks.header(await hashAt('latest'))).number
      const at = async (tag: string | undefined) =>
        tag?.startsWith('0x') ? Number(tag) : (await blocks.header(await hashAt(tag ?? 'latest'))).number
      const [from, to] = [await at(wanted.fromBlock), Math.min(await at(wanted.toBlock), head)]
      return logsJson(await inTurns(from, to, async (number) => inBlock(await hashOfNumber(number))), filter)
    },
  }
  async function inBlock(hash: string) {
    return { header: await blocks.header(hash), transactions: await blocks.transactions(hash) }
  }
}

/** So many questions under way at once, and no more. */
const AT_ONCE = 16

async function inTurns<T>(from: number, to: number, ask: (number: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  for (let at = from; at <= to; at += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, to - at + 1) }, (_, offset) => at + offset)
    answers.push(...(await Promise.all(numbers.map(ask))))
  }
  return answers
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`
}
