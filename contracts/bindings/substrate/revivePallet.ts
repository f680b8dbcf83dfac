import type { ApiPromise } from '@polkadot/api'
import { concat, dataSlice, getAddress, keccak256, Transaction } from 'ethers'
import { feeUnitsOf } from './feeUnitsOf.ts'
import type {
  Asked,
  ContractPallet,
  DryRun,
  EventRecord,
  EvmLog,
  EvmRequest,
  Outcome,
  RuntimeCall,
} from './pallet.ts'
import { weiPerUnitOf } from './weiPerUnitOf.ts'

const REVERTED = 1n // pallet_revive's ReturnFlags::REVERT
const NOBODY = `0x${'0'.repeat(40)}`
/** Accounts that are an Ethereum address, filled up with these bytes. */
const ETHEREUM_SUFFIX = `0x${'ee'.repeat(12)}`

type Hex = { toHex(): string }
type Numeric = { toBigInt(): bigint }
type Answer = {
  readonly weightRequired: { readonly refTime: Numeric; readonly proofSize: Numeric }
  readonly storageDeposit: Deposit
  readonly maxStorageDeposit?: Deposit
  readonly result: { readonly isOk: boolean; readonly asOk: Returned; readonly asErr: unknown }
}
type Deposit = { readonly isCharge: boolean; readonly asCharge: Numeric }
type Returned = { readonly flags: { readonly bits: Numeric }; readonly data: Hex }
type EthAnswer = {
  readonly isOk: boolean
  readonly asOk: { readonly ethGas: Numeric }
  readonly asErr: { readonly isData: boolean; readonly asData: Hex; toString(): string }
}

/**
 * pallet-revive (Polkadot Hub): `revive.call` and `revive.instantiateWithCode` from any account, and Ethereum's own
 * transactions as they are (`revive.ethTransact`). A revert fails the extrinsic. What the EVM calls gas is a weight here:
 * as gas counts its time, in picoseconds, except where Ethereum's transactions are estimated.
 */
export function createRevivePallet(api: ApiPromise): ContractPallet {
  const weiPerUnit = weiPerUnitOf(api)
  const callsAt = async (at: string) => (await api.at(at)).call.reviveApi!
  return {
    weiPerUnit,
    chainId: async () => Number(String(api.consts.revive!.chainId)),
    gasPriceWei: async () => BigInt(String(await api.call.reviveApi!.gasPrice!())),
    dryRun: (request, at) => dryRun(api, weiPerUnit, request, at),
    async ethereumGas({ from, to, data, valueWei }, at) {
      const calls = await callsAt(at)
      const asked = { from, to: to ?? null, input: { input: data }, value: valueWei }
      const answer = (await calls.ethTransact!(asked)) as unknown as EthAnswer
      if (answer.isOk) return answer.asOk.ethGas.toBigInt()
      if (answer.asErr.isData) return { revertData: answer.asErr.asData.toHex() }
      throw new Error(`the runtime refuses: ${String(answer.asErr)}`)
    },
    async code(address, at) {
      // The decorated call would leave the length in front of the bytes.
      const answer = await api.rpc.state.call('ReviveApi_code', address, at)
      return api.createType('Bytes', answer.toU8a(true)).toHex()
    },
    evmNonce: async (address, at) => Number(String(await (await callsAt(at)).nonce!(address))),
    balanceWei: async (address, at) => BigInt(String(await (await callsAt(at)).balance!(address))),
    async addressOf(accountId) {
      return reviveAddressOf(api.createType('AccountId32', accountId).toHex())
    },
    outcomeOf,
    asked: (call) => asked(call, weiPerUnit),
    extrinsicFor({ to, data, valueWei }, { gas, proof, storage }) {
      const weight = { refTime: gas, proofSize: proof }
      const value = valueWei / weiPerUnit
      if (to !== undefined) return api.tx.revive!.call!(to, value, weight, storage, data)
      return api.tx.revive!.instantiateWithCode!(value, weight, storage, data, '0x', null)
    },
    wrapEthereum: (raw) => api.tx.revive!.ethTransact!(raw),
  }
}

/** pallet-revive's AccountId32Mapper: an Ethereum account's own address, else the end of the public key's hash. */
export function reviveAddressOf(accountId: string): string {
  if (dataSlice(accountId, 20) === ETHEREUM_SUFFIX) return getAddress(dataSlice(accountId, 0, 20))
  return getAddress(dataSlice(keccak256(accountId), 12))
}

async function originOf(api: ApiPromise, address: string, at: string): Promise<string> {
  const mapped = (await (
    await api.at(at)
  ).query.revive!.originalAccount!(address)) as unknown as {
    isSome: boolean
    unwrap(): Hex
  }
  return mapped.isSome ? mapped.unwrap().toHex() : concat([address, ETHEREUM_SUFFIX])
}

async function dryRun(
  api: ApiPromise,
  weiPerUnit: bigint,
  { from = NOBODY, to, data, valueWei }: EvmRequest,
  at: string,
): Promise<DryRun> {
  const { reviveApi } = (await api.at(at)).call
  const origin = await originOf(api, from, at)
  const value = valueWei / weiPerUnit
  const answer = (await (to === undefined
    ? reviveApi!.instantiate!(origin, value, null, null, { Upload: data }, '0x', null)
    : reviveApi!.call!(origin, to, value, null, null, data))) as unknown as Answer
  const { weightRequired, result } = answer
  if (!result.isOk) throw new Error(`the runtime refuses: ${String(result.asErr)}`)
  const returned = result.asOk as Returned & { result?: Returned }
  const { flags, data: output } = returned.result ?? returned
  const deposit = answer.maxStorageDeposit ?? answer.storageDeposit
  return {
    isOk: (flags.bits.toBigInt() & REVERTED) === 0n,
    data: output.toHex(),
    gas: weightRequired.refTime.toBigInt(),
    proof: weightRequired.proofSize.toBigInt(),
    storage: deposit.isCharge ? deposit.asCharge.toBigInt() : 0n,
  }
}

function asked({ section, method, args }: RuntimeCall, weiPerUnit: bigint): Asked | undefined {
  if (section !== 'revive') return undefined
  const text = (index: number) => (args[index] as unknown as Hex).toHex()
  const valueWei = (index: number) => BigInt(String(args[index])) * weiPerUnit
  if (method === 'call') return { to: getAddress(text(0)), data: text(4), valueWei: valueWei(1) }
  if (method === 'instantiateWithCode') return { data: text(3), valueWei: valueWei(0) }
  return method === 'ethTransact' ? askedByEthereum(text(0)) : undefined
}

/** Anybody may put any bytes into a block. */
function askedByEthereum(payload: string): Asked | undefined {
  try {
    const { from, to, data, value, hash, nonce } = Transaction.from(payload)
    if (from === null || hash === null) return undefined
    return { from, ...(to === null ? {} : { to }), data, valueWei: value, ethereum: { hash, nonce } }
  } catch {
    return undefined
  }
}

function outcomeOf(events: readonly EventRecord[]): Outcome {
  const logs: EvmLog[] = []
  let created: string | undefined
  let isOk = false
  let hasReverted = false
  let gasUsed = 0n
  for (const { event } of events) {
    const data = event.data as unknown as {
      contract: Hex
      data: Hex
      topics: readonly Hex[]
      dispatchInfo: { weight: { refTime: Numeric } }
    }
    switch (`${event.section}.${event.method}`) {
      case 'system.ExtrinsicSuccess':
        isOk = true
        gasUsed = data.dispatchInfo.weight.refTime.toBigInt()
        break
      case 'system.ExtrinsicFailed':
        gasUsed = data.dispatchInfo.weight.refTime.toBigInt()
        break
      case 'revive.EthExtrinsicRevert':
        hasReverted = true
        break
      case 'revive.Instantiated':
        created ??= getAddress(data.contract.toHex())
        break
      case 'revive.ContractEmitted':
        logs.push({
          address: getAddress(data.contract.toHex()),
          topics: data.topics.map((topic) => topic.toHex()),
          data: data.data.toHex(),
        })
    }
  }
  return { isOk: isOk && !hasReverted, logs, gasUsed, created, feeUnits: feeUnitsOf(events) }
}
