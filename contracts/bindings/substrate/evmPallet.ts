import type { ApiPromise } from '@polkadot/api'
import { concat, getAddress, getCreateAddress } from 'ethers'
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

const VIEW_GAS = 30_000_000
const VIEW_STORAGE_BYTES = 4_000_000
const NOBODY = `0x${'0'.repeat(40)}`

type Numeric = { toBigInt(): bigint }
type CallInfo = {
  exit_reason: { isSucceed: boolean }
  value: { toHex(): string }
  used_gas: Numeric
  used_storage: Numeric
}
type LogCodec = {
  address: { toHex(): string }
  topics: { toHex(): string }[]
  data: { toHex(): string }
}

/**
 * An EVM pallet like Acala's: `evm.call` and `evm.create`, `evmAccounts` to bind an Ethereum address to an account. A call
 * that reverts is a successful extrinsic there; its event says that it failed.
 */
export function createEvmPallet(api: ApiPromise): ContractPallet {
  const weiPerUnit = weiPerUnitOf(api)
  return {
    weiPerUnit,
    chainId: async () => Number(String(api.consts.evmAccounts!.chainId)),
    gasPriceWei: async () => BigInt(String(api.consts.evm!.txFeePerGas)),
    dryRun: (request, at) => dryRun(api, request, at),
    async code(address, at) {
      const then = await api.at(at)
      const account = (await then.query.evm!.accounts!(address)) as unknown as OptionOf<{
        contractInfo: OptionOf<{ codeHash: unknown }>
      }>
      const info = account.isSome ? account.unwrap().contractInfo : undefined
      if (!info?.isSome) return '0x'
      return (await then.query.evm!.codes!(info.unwrap().codeHash)).toHex()
    },
    async evmNonce(address, at) {
      const account = (await (
        await api.at(at)
      ).query.evm!.accounts!(address)) as unknown as OptionOf<{
        nonce: Numeric
      }>
      return account.isSome ? Number(account.unwrap().nonce.toBigInt()) : 0
    },
    async balanceWei(address, at) {
      const then = await api.at(at)
      const owner = (await then.query.evmAccounts!.accounts!(address)) as unknown as OptionOf<object>
      if (!owner.isSome) return 0n
      const { data } = (await then.query.system!.account!(owner.unwrap())) as unknown as {
        data: { free: Numeric }
      }
      return data.free.toBigInt() * weiPerUnit
    },
    async addressOf(accountId, at) {
      const bound = (await (
        await api.at(at)
      ).query.evmAccounts!.evmAddresses!(accountId)) as unknown as OptionOf<{ toHex(): string }>
      return bound.isSome ? getAddress(bound.unwrap().toHex()) : undefined
    },
    outcomeOf,
    asked,
    extrinsicFor({ from, to, data, valueWei }, { gas, storage }, evmNonce) {
      const rest = [data, valueWei, gas, storage, []] as const
      if (to !== undefined) return api.tx.evm!.call!(to, ...rest)
      // A contract that is not published is for its maker alone.
      const contract = getCreateAddress({ from: from!, nonce: evmNonce })
      return api.tx.utility!.batchAll!([api.tx.evm!.create!(...rest), api.tx.evm!.publishContract!(contract)])
    },
  }
}

type OptionOf<T> = { isSome: boolean; unwrap(): T }

async function dryRun(api: ApiPromise, request: EvmRequest, at: string): Promise<DryRun> {
  const { registry } = api
  const from = request.from ?? NOBODY
  const limits = [registry.createType('u64', VIEW_GAS), registry.createType('u32', VIEW_STORAGE_BYTES)]
  const parts = [
    registry.createType('H160', from),
    ...(request.to === undefined ? [] : [registry.createType('H160', request.to)]),
    registry.createType('Bytes', request.data),
    registry.createType('u128', request.valueWei),
    ...limits,
    registry.createType('Option<Vec<(H160, Vec<H256>)>>', null),
    registry.createType('bool', true),
  ]
  const method = request.to === undefined ? 'EVMRuntimeRPCApi_create' : 'EVMRuntimeRPCApi_call'
  const encoded = concat(parts.map((part) => part.toU8a()))
  const answer = await api.rpc.state.call(method, encoded, at)
  // The exit reason's type has a number in the metadata, which the event names.
  const exitReason = registry.createLookupType(api.events.evm!.ExecutedFailed!.meta.fields[2]!.type)
  const value = request.to === undefined ? 'H160' : 'Bytes'
  const info = `{"exit_reason":"${exitReason}","value":"${value}","used_gas":"U256","used_storage":"i32","logs":"Vec<(H160,Vec<H256>,Bytes)>"}`
  const result = registry.createType(`Result<${info}, DispatchError>`, answer.toU8a(true)) as unknown as {
    isOk: boolean
    asOk: CallInfo
    asErr: { toString(): string }
  }
  if (!result.isOk) throw new Error(`the runtime refuses: ${String(result.asErr)}`)
  const { exit_reason, value: data, used_gas, used_storage } = result.asOk
  const storage = used_storage.toBigInt()
  return {
    isOk: exit_reason.isSucceed,
    data: data.toHex(),
    gas: used_gas.toBigInt(),
    proof: 0n, // follows from the gas
    storage: storage > 0n ? storage : 0n,
  }
}

function asked({ section, method, args }: RuntimeCall): Asked | undefined {
  const text = (index: number) => (args[index] as unknown as { toHex(): string }).toHex()
  const number = (index: number) => BigInt(String(args[index]))
  if (section === 'evm' && (method === 'call' || method === 'strictCall')) {
    return { to: getAddress(text(0)), data: text(1), valueWei: number(2) }
  }
  if (section === 'evm' && method === 'create') return { data: text(0), valueWei: number(1) }
  if (section === 'utility' && /^batch/.test(method)) {
    for (const inner of args[0] as unknown as RuntimeCall[]) {
      const found = asked(inner)
      if (found) return found
    }
  }
  return undefined
}

function outcomeOf(events: readonly EventRecord[]): Outcome {
  const logs: EvmLog[] = []
  let gasUsed = 0n
  let created: string | undefined
  let isOk = false
  let hasFailed = false
  for (const { event } of events) {
    const name = `${event.section}.${event.method}`
    if (name === 'system.ExtrinsicSuccess') isOk = true
    if (!/^evm\.(Created|Executed)(Failed)?$/.test(name)) continue
    const data = event.data as unknown as {
      contract: { toHex(): string }
      logs: LogCodec[]
      usedGas: Numeric
    }
    gasUsed += data.usedGas.toBigInt()
    if (name.endsWith('Failed')) {
      hasFailed = true
      continue
    }
    if (name === 'evm.Created') created = getAddress(data.contract.toHex())
    logs.push(...data.logs.map(logOf))
  }
  return { isOk: isOk && !hasFailed, logs, gasUsed, created, feeUnits: feeUnitsOf(events) }
}

function logOf({ address, topics, data }: LogCodec): EvmLog {
  return {
    address: getAddress(address.toHex()),
    topics: topics.map((topic) => topic.toHex()),
    data: data.toHex(),
  }
}
