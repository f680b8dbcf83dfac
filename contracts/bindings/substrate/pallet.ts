import type { SubmittableExtrinsic } from '@polkadot/api/types'

/** What is asked of the EVM; `to` is undefined where a contract is created. Amounts in wei. */
export type EvmRequest = {
  readonly from?: string
  readonly to?: string
  readonly data: string
  readonly valueWei: bigint
}

/**
 * What a call may take, in the pallet's own units: gas or weight (its time), the size of its proof, and storage as bytes or
 * as a deposit.
 */
export type Limits = { readonly gas: bigint; readonly proof: bigint; readonly storage: bigint }

/** A dry run: what came back, or the revert's data, and what it took. */
export type DryRun = Limits & { readonly isOk: boolean; readonly data: string }

export type EvmLog = { readonly address: string; readonly topics: readonly string[]; readonly data: string }

/** What one extrinsic's events say of the EVM. */
export type Outcome = {
  readonly isOk: boolean
  readonly logs: readonly EvmLog[]
  readonly gasUsed: bigint
  readonly created: string | undefined
  /** fees that the sender paid, in the chain's own units */
  readonly feeUnits: bigint
}

/** What an extrinsic asks of the EVM. `hash` and `nonce` differ from the extrinsic's where it wraps an Ethereum transaction. */
export type Asked = EvmRequest & { readonly ethereum?: { readonly hash: string; readonly nonce: number } }

export type Extrinsic = SubmittableExtrinsic<'promise'>
/** A decoded call of the runtime: pallet, name and arguments. */
export type RuntimeCall = Extrinsic['method']

/** One event of a block, and the extrinsic that it belongs to. */
export type EventRecord = {
  readonly phase: { readonly isApplyExtrinsic: boolean; readonly asApplyExtrinsic: { toNumber(): number } }
  readonly event: { readonly section: string; readonly method: string; readonly data: readonly unknown[] }
}

/**
 * A pallet that runs Solidity, behind what an Ethereum node would answer. `at` is a block hash. All may reject if the node
 * does not answer.
 */
export type ContractPallet = {
  /** Of the chain's coin: Ethereum counts with 18 decimals. */
  readonly weiPerUnit: bigint
  chainId(): Promise<number>
  gasPriceWei(): Promise<bigint>
  dryRun(request: EvmRequest, at: string): Promise<DryRun>
  /** The gas limit that an Ethereum transaction needs, where the chain takes such, or its revert's data. */
  ethereumGas?(request: EvmRequest, at: string): Promise<bigint | { readonly revertData: string }>
  code(address: string, at: string): Promise<string>
  /** From which the addresses of created contracts follow. */
  evmNonce(address: string, at: string): Promise<number>
  balanceWei(address: string, at: string): Promise<bigint>
  /** The EVM's name for a native account; undefined if it has none yet. */
  addressOf(accountId: string, at: string): Promise<string | undefined>
  outcomeOf(events: readonly EventRecord[]): Outcome
  asked(call: RuntimeCall): Asked | undefined
  /** `deployer` with `evmNonce` fixes a created contract's address. */
  extrinsicFor(request: EvmRequest, limits: Limits, evmNonce: number): Extrinsic
  /** An Ethereum transaction as an extrinsic without signature, where the chain takes such. */
  wrapEthereum?(raw: string): Extrinsic
}
