import type { ApiPromise } from '@polkadot/api'
import {
  AbstractSigner,
  getBytes,
  hexlify,
  resolveAddress,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  type TypedDataField,
} from 'ethers'
import { ChainUnreachable } from '../errors.ts'
import type { NativeAccount } from './account.ts'
import type { Binding } from './binding.ts'
import { createChainReader } from './chainReader.ts'
import type { ContractPallet, DryRun, EvmRequest, Extrinsic, Limits } from './pallet.ts'
import type { SubstrateProvider } from './SubstrateProvider.ts'
import { TypedDataUnsupported } from './TypedDataUnsupported.ts'

const MARGIN_PERCENT = 130n // state may move between the estimate and the block
/** What is not used is given back, so that too much does no harm, and too little fails. */
const SPARE_STORAGE = 2_048n
const INCLUSION_TIMEOUT_MS = 120_000

type Parts = {
  api: ApiPromise
  pallet: ContractPallet
  account: NativeAccount
  binding: Binding
  provider: SubstrateProvider
}

/**
 * An ethers signer whose transactions are extrinsics of a Substrate account. Nonces are the account's own; what is signed for
 * contracts is signed by the Ethereum key that belongs to it. The account is bound to its address before it first sends.
 */
export class SubstrateSigner extends AbstractSigner<SubstrateProvider> {
  readonly #parts: Parts
  /** What else than gas the calls took that were estimated last. */
  readonly #estimates = new Map<string, Limits>()
  #bound: Promise<void> | undefined

  constructor(parts: Parts) {
    super(parts.provider)
    this.#parts = parts
  }

  /** Whether there is a key for what contracts check (EIP-712). */
  get signsTypedData(): boolean {
    return this.#parts.account.wallet !== undefined
  }

  override connect(): this {
    return this
  }

  override async getAddress(): Promise<string> {
    return this.#parts.binding.address
  }

  /** `latest` counts what is final only: until then a nonce is not used up, whatever becomes of its block. */
  override async getNonce(blockTag?: unknown): Promise<number> {
    await this.#bind()
    return this.#nonce(blockTag === 'pending')
  }

  override async estimateGas(request: TransactionRequest): Promise<bigint> {
    await this.#bind()
    const asked = await this.#asked(request)
    const limits = await this.#dryRun(asked)
    this.#estimates.set(keyOf(asked), limits)
    return limits.gas
  }

  /** The signed extrinsic, as hex. */
  override async signTransaction(request: TransactionRequest): Promise<string> {
    const asked = await this.#asked(request)
    const gas = BigInt(request.gasLimit ?? 0)
    const { proof, storage } = this.#estimates.get(keyOf(asked)) ?? (await this.#runNow(asked))
    const { pallet } = this.#parts
    const limits = { gas, proof: withMargin(proof), storage: withMargin(storage) + SPARE_STORAGE }
    const extrinsic = pallet.extrinsicFor(asked, limits, asked.to ? 0 : await this.#evmNonce())
    return this.#sign(extrinsic, Number(request.nonce), await this.#tip(extrinsic, request.gasPrice))
  }

  /** The hash under which the chain lists what was signed: blake2-256 of its bytes. */
  hashOf(raw: string): string {
    return this.#parts.api.registry.hash(getBytes(raw)).toHex()
  }

  /** Signs and sends, and waits for no block; returns the hash. A nonce in the request is the EVM's and does not count. */
  async sendUncheckedTransaction(request: TransactionRequest): Promise<string> {
    await this.#bind()
    const gas = request.gasLimit ?? withMargin(await this.estimateGas(request))
    const raw = await this.signTransaction({ ...request, gasLimit: gas, nonce: await this.#nonce(true) })
    await this.provider.send('eth_sendRawTransaction', [raw])
    return this.hashOf(raw)
  }

  /** `nonce` of the request is the EVM's, as deployments count; the extrinsic gets the account's next. */
  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    const { gasLimit: _estimatedAnew, ...asked } = request
    const hash = await this.sendUncheckedTransaction(asked)
    const included = async () => (await this.provider.getTransactionReceipt(hash)) !== null
    await this.#until(included, `Transaction ${hash}`, hash)
    return (await this.provider.getTransaction(hash))!
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    return this.#wallet().signMessage(message)
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    return this.#wallet().signTypedData(domain, types, value)
  }

  #wallet() {
    const { wallet, name } = this.#parts.account
    if (!wallet) throw new TypedDataUnsupported(name)
    return wallet
  }

  async #nonce(isPending: boolean): Promise<number> {
    const { api, account } = this.#parts
    if (isPending) return (await api.rpc.system.accountNextIndex(account.accountId)).toNumber()
    const { finalHash } = createChainReader(api)
    const { nonce } = (await (
      await api.at(await finalHash())
    ).query.system!.account!(account.accountId)) as unknown as { nonce: { toNumber(): number } }
    return nonce.toNumber()
  }

  /** Once for this connection: tells the chain which address the account has, unless it knows. */
  async #bind(): Promise<void> {
    this.#bound ??= this.#bindNow()
    try {
      await this.#bound
    } catch (error) {
      this.#bound = undefined
      throw error
    }
  }

  async #bindNow(): Promise<void> {
    const { api, binding, account } = this.#parts
    const { finalHash, hashAt } = createChainReader(api)
    if (await binding.isBound(await hashAt('latest'))) return
    const raw = await this.#sign(await binding.extrinsic(), await this.#nonce(true), 0n)
    await this.provider.send('eth_sendRawTransaction', [raw])
    const isBound = async () => binding.isBound(await finalHash())
    await this.#until(isBound, `Binding ${account.name} to ${binding.address}`, this.hashOf(raw))
  }

  async #until(isSo: () => Promise<boolean>, what: string, txHash: string): Promise<void> {
    const deadlineMs = performance.now() + INCLUSION_TIMEOUT_MS
    while (performance.now() < deadlineMs) {
      if (await isSo()) return
      await new Promise((resolve) => setTimeout(resolve, this.provider.pollingInterval / 5))
    }
    throw new ChainUnreachable(`${what} was sent but is in no final block yet.`, { txHash })
  }

  async #asked({ to, data, value }: TransactionRequest): Promise<EvmRequest> {
    return {
      from: this.#parts.binding.address,
      ...(to ? { to: await resolveAddress(to) } : {}),
      data: data ?? '0x',
      valueWei: BigInt(value ?? 0),
    }
  }

  /** Throws as ethers does for a call that reverts. */
  async #dryRun(asked: EvmRequest): Promise<DryRun> {
    const run = await this.#runNow(asked)
    if (run.isOk) return run
    const { from, to, data, valueWei } = asked
    // The same question as a view: its answer carries the revert's data as ethers reads it.
    await this.provider.call({ from: from!, to: to ?? null, data, value: valueWei })
    return run
  }

  async #runNow(asked: EvmRequest): Promise<DryRun> {
    const { api, pallet } = this.#parts
    const { hashAt } = createChainReader(api)
    return pallet.dryRun(asked, await hashAt('latest'))
  }

  async #evmNonce(): Promise<number> {
    const { api, pallet, binding } = this.#parts
    const { hashAt } = createChainReader(api)
    return pallet.evmNonce(binding.address, await hashAt('latest'))
  }

  /** A bid above the usual price of gas, as the same part of the fee: the pool weighs tips, it knows no price. */
  async #tip(extrinsic: Extrinsic, gasPrice: TransactionRequest['gasPrice']): Promise<bigint> {
    const { pallet, account } = this.#parts
    const usual = await pallet.gasPriceWei()
    const above = BigInt(gasPrice ?? 0) - usual
    if (above <= 0n) return 0n
    const { partialFee } = await extrinsic.paymentInfo(account.name)
    return (partialFee.toBigInt() * above) / usual
  }

  async #sign(extrinsic: Extrinsic, nonce: number, tip: bigint): Promise<string> {
    const { pair, signer } = this.#parts.account
    const signed = await extrinsic.signAsync(pair, { nonce, tip, ...(signer ? { signer } : {}) })
    return hexlify(signed.toU8a())
  }
}

function withMargin(value: bigint): bigint {
  return (value * MARGIN_PERCENT) / 100n
}

function keyOf({ to, data }: EvmRequest): string {
  return `${to ?? ''}:${data}`
}
