import type { ApiPromise } from '@polkadot/api'
import { compactAddLength, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsU8a, decodeAddress, signatureVerify, xxhashAsU8a } from '@polkadot/util-crypto'
import { concat, dataSlice, getBytes, getCreateAddress, keccak256, Transaction } from 'ethers'
import type { AssetHub } from './assetHubs.ts'
import { createMachine } from './createMachine.ts'
import { type DecodedExtrinsic, decodeByMetadata } from './decodeByMetadata.ts'

/**
 * Real metadata, simulated execution: a node's JSON-RPC in this process, over the metadata of a live asset hub. Each
 * extrinsic is read by the metadata, its signature and nonce are checked, and its contract call is run by @ethereumjs/evm;
 * events and answers are encoded with the runtime's own types. Weights, deposits, gas and fees are made up. It is no chain.
 */

type Codec = { toU8a(): Uint8Array; toHex(): string }
type Registry = ApiPromise['registry']
type Block = {
  header: Codec & { hash: Codec }
  hash: string
  extrinsics: string[]
  storage: Map<string, string>
}
type Provider = NonNullable<NonNullable<ConstructorParameters<typeof ApiPromise>[0]>['provider']>

const COINS = 10n ** 20n
const WEIGHT = { refTime: 1_000_000_000n, proofSize: 100_000n }
const SUFFIX = `0x${'ee'.repeat(12)}`
const ZERO_HASH = `0x${'0'.repeat(64)}`
const GAS_PRICE = 10n ** 12n

const plainKey = (pallet: string, item: string) => u8aConcat(xxhashAsU8a(pallet, 128), xxhashAsU8a(item, 128))
const keys = {
  now: u8aToHex(plainKey('Timestamp', 'Now')),
  events: u8aToHex(plainKey('System', 'Events')),
  account: (id: string) =>
    u8aToHex(u8aConcat(plainKey('System', 'Account'), blake2AsU8a(getBytes(id), 128), getBytes(id))),
  original: (address: string) =>
    u8aToHex(u8aConcat(plainKey('Revive', 'OriginalAccount'), getBytes(address))),
}

const METHODS = [
  ...['rpc_methods', 'state_getMetadata', 'state_getRuntimeVersion', 'state_queryStorageAt', 'state_call'],
  ...['state_getStorage', 'system_chain', 'system_chainType', 'system_properties', 'system_accountNextIndex'],
  ...['chain_getBlockHash', 'chain_getFinalizedHead', 'chain_getHeader', 'chain_getBlock'],
  ...['author_submitExtrinsic', 'author_pendingExtrinsics'],
]

/** What the pool answers to what it does not take. */
class Refused extends Error {}

/** @param registryOf the registry of the API that is opened over this provider: types are the metadata's */
export async function createAssetHub(hub: AssetHub, metadata: string, registryOf: () => Registry) {
  const blocks: Block[] = []
  const storage = new Map<string, string>()
  const nonces = new Map<string, number>()
  const mapped = new Map<string, string>()
  const decoded: DecodedExtrinsic[] = []
  let timestampMs = Date.now()
  const machine = await createMachine(hub.chainId, () => ({
    number: blocks.length,
    timestamp: Math.floor(timestampMs / 1000),
  }))
  const head = () => blocks.at(-1)!
  const blockAt = (hash: unknown) => blocks.find((block) => block.hash === hash) ?? head()

  /** A value of a type that the metadata names. */
  const make = (type: string, value: unknown) =>
    registryOf().createType(type as never, value) as unknown as Codec & { encodedLength: number }

  function encodeAccount(id: string): string {
    const nonce = nonces.get(id) ?? 0
    const data = { free: COINS, reserved: 0, frozen: 0, flags: 0 }
    const info = { nonce, consumers: 0, providers: 1, sufficients: 0, data }
    return make('FrameSystemAccountInfo', info).toHex()
  }

  function seal(extrinsics: string[], events: Codec | undefined): void {
    timestampMs += 6_000
    storage.set(keys.now, u8aToHex(registryOf().createType('u64', timestampMs).toU8a()))
    storage.set(keys.events, events?.toHex() ?? '0x00')
    const header = registryOf().createType('Header', {
      parentHash: blocks.at(-1)?.hash ?? ZERO_HASH,
      number: blocks.length,
      stateRoot: ZERO_HASH,
      extrinsicsRoot: u8aToHex(blake2AsU8a(u8aConcat(...extrinsics.map((each) => getBytes(each))), 256)),
      digest: { logs: [] },
    }) as unknown as Block['header']
    blocks.push({ header, hash: header.hash.toHex(), extrinsics, storage: new Map(storage) })
  }

  /** The genesis is sealed once there is a registry to encode it with. */
  function begin(): void {
    if (blocks.length === 0) seal([], undefined)
  }

  function addressOf(id: string): string {
    return dataSlice(id, 20) === SUFFIX ? dataSlice(id, 0, 20) : dataSlice(keccak256(id), 12)
  }

  function requireSigned(extrinsic: DecodedExtrinsic): void {
    const { nonce, era } = extensionsOf(extrinsic)
    const birth = era.isMortalEra ? era.asMortalEra.birth(blocks.length - 1) : 0
    const implicit = new Map<string, Uint8Array>([
      ['CheckSpecVersion', registryOf().createType('u32', hub.specVersion).toU8a()],
      ['CheckTxVersion', registryOf().createType('u32', 1).toU8a()],
      ['CheckGenesis', getBytes(blocks[0]!.hash)],
      ['CheckMortality', getBytes(blocks[birth]!.hash)],
      ['CheckMetadataHash', Uint8Array.of(0)],
    ])
    const payload = extrinsic.payload(implicit)
    const signed = payload.length > 256 ? blake2AsU8a(payload, 256) : payload
    const { isValid } = signatureVerify(signed, extrinsic.signature, extrinsic.signer)
    if (!isValid) throw new Refused('1010: Invalid Transaction: Transaction has a bad signature')
    const next = nonces.get(extrinsic.signer) ?? 0
    if (nonce < next) throw new Refused('1010: Invalid Transaction: Transaction is outdated')
  }

  async function apply(raw: string): Promise<string> {
    const registry = registryOf()
    const extrinsic = decodeByMetadata(registry, getBytes(raw))
    decoded.push(extrinsic)
    const hash = u8aToHex(blake2AsU8a(getBytes(raw), 256))
    const { section, method, args } = extrinsic.call
    if (!extrinsic.isSigned && `${section}.${method}` !== 'revive.ethTransact') {
      throw new Refused('1010: Invalid Transaction: Transaction call is not expected')
    }
    const outcome = extrinsic.isSigned
      ? await applySigned(extrinsic)
      : await applyEthereum((args[0] as unknown as Codec).toHex())
    const phase = { ApplyExtrinsic: 0 }
    const info = { weight: WEIGHT, class: 'Normal', paysFee: 'Yes' }
    const events = [
      ...outcome.logs.map(({ address, data, topics }) => eventOf('ContractEmitted', [address, data, topics])),
      ...(outcome.created ? [eventOf('Instantiated', [outcome.from, outcome.created])] : []),
      outcome.isOk
        ? systemEvent('ExtrinsicSuccess', [info])
        : systemEvent('ExtrinsicFailed', [outcome.error, info]),
    ].map((event) => ({ phase, event, topics: [] }))
    seal([raw], make('Vec<FrameSystemEventRecord>', events))
    return hash
  }

  function rawEvent(pallet: string, name: string, args: unknown[]): Uint8Array {
    const { pallets } = registryOf().metadata
    const found = pallets.find((each) => each.name.toString() === pallet)!
    const { variants } = registryOf().lookup.getSiType(found.events.unwrap().type).def.asVariant
    const variant = variants.find((each) => each.name.toString() === name)!
    const fields = variant.fields.map(({ type }, index) =>
      make(registryOf().createLookupType(type), args[index]).toU8a(),
    )
    return u8aConcat(Uint8Array.of(found.index.toNumber(), variant.index.toNumber()), ...fields)
  }
  const eventOf = (name: string, args: unknown[]) => rawEvent('Revive', name, args)
  const systemEvent = (name: string, args: unknown[]) => rawEvent('System', name, args)

  function moduleError(name: string): object {
    const { pallets } = registryOf().metadata
    const revive = pallets.find((each) => each.name.toString() === 'Revive')!
    const { variants } = registryOf().lookup.getSiType(revive.errors.unwrap().type).def.asVariant
    const index = variants.find((each) => each.name.toString() === name)!.index.toNumber()
    return { Module: { index: revive.index.toNumber(), error: Uint8Array.of(index, 0, 0, 0) } }
  }

  type Applied = {
    isOk: boolean
    from: string
    created?: string | undefined
    logs: readonly { address: string; topics: string[]; data: string }[]
    error?: object
  }

  async function applySigned(extrinsic: DecodedExtrinsic): Promise<Applied> {
    requireSigned(extrinsic)
    const { signer, call } = extrinsic
    const { nonce } = extensionsOf(extrinsic)
    nonces.set(signer, nonce + 1)
    storage.set(keys.account(signer), encodeAccount(signer))
    const from = addressOf(signer)
    const hexOf = (index: number) => (call.args[index] as unknown as Codec).toHex()
    if (`${call.section}.${call.method}` === 'revive.mapAccount') {
      mapped.set(from, signer)
      storage.set(keys.original(from), signer)
      return { isOk: true, from, logs: [] }
    }
    if (!mapped.has(from)) return { isOk: false, from, logs: [], error: moduleError('AccountUnmapped') }
    const isCall = call.method === 'call'
    return runIt({ from, nonce, ...(isCall ? { to: hexOf(0), data: hexOf(4) } : { data: hexOf(3) }) })
  }

  async function applyEthereum(payload: string): Promise<Applied> {
    const { from, to, data, nonce } = Transaction.from(payload)
    const id = concat([from!, SUFFIX])
    if (nonce < (nonces.get(id) ?? 0)) throw new Refused('1010: Invalid Transaction: Transaction is outdated')
    nonces.set(id, nonce + 1)
    storage.set(keys.account(id), encodeAccount(id))
    return runIt({ from: from!, nonce, ...(to === null ? {} : { to }), data })
  }

  async function runIt(asked: { from: string; to?: string; data: string; nonce: number }): Promise<Applied> {
    const { isOk, created, logs } = await machine.run(asked)
    if (!isOk) return { isOk, from: asked.from, logs, error: moduleError('ContractReverted') }
    return { isOk, from: asked.from, created, logs }
  }

  /** Arguments and answer of a runtime call, by the metadata. */
  function runtimeCall(api: string, method: string, input: string) {
    const { apis } = registryOf().metadata
    const found = apis.find((each) => each.name.toString() === api)
    const about = found?.methods.find((each) => each.name.toString() === method)
    if (!about) throw new Error(`the metadata has no ${api}_${method}`)
    const bytes = getBytes(input)
    let offset = 0
    const args = about.inputs.map(({ type }) => {
      const codec = make(registryOf().createLookupType(type), bytes.subarray(offset))
      offset += codec.encodedLength
      return codec
    })
    const answer = (value: unknown) =>
      u8aToHex(make(registryOf().createLookupType(about.output), value).toU8a())
    return { args, answer }
  }

  async function reviveCall(method: string, input: string): Promise<string> {
    const { args, answer } = runtimeCall('ReviveApi', method, input)
    const hexOf = (index: number) => args[index]!.toHex()
    if (method === 'gas_price') return answer(GAS_PRICE)
    if (method === 'balance') return answer(COINS)
    if (method === 'code') return answer(compactAddLength(getBytes(await machine.code(hexOf(0)))))
    if (method === 'nonce') {
      const address = hexOf(0)
      const id = mapped.get(address) ?? concat([address, SUFFIX])
      return answer(nonces.get(id) ?? 0)
    }
    if (method === 'eth_transact') {
      const asked = args[0] as unknown as { from: Some; to: Some; input: { input: Some; data: Some } }
      const { input: given, data } = asked.input
      const run = await machine.dryRun({
        from: asked.from.unwrap().toHex(),
        ...(asked.to.isSome ? { to: asked.to.unwrap().toHex() } : {}),
        data: (given.isSome ? given : data).unwrap().toHex(),
      })
      if (!run.isOk) return answer({ Err: { Data: run.data } })
      const info = { weightRequired: WEIGHT, storageDeposit: 0, ethGas: run.gas, data: run.data }
      return answer({ Ok: { ...info, maxStorageDeposit: 0 } })
    }
    const isCall = method === 'call'
    const from = addressOf(hexOf(0))
    const code = args[4] as unknown as { asUpload: Codec }
    const run = await machine.dryRun(
      isCall
        ? { from, to: hexOf(1), data: hexOf(5) }
        : { from, data: code.asUpload.toHex(), nonce: nonces.get(hexOf(0)) ?? 0 },
    )
    const returned = { flags: { bits: run.isOk ? 0 : 1 }, data: run.data }
    const created = getCreateAddress({ from, nonce: 0 })
    const result = { Ok: isCall ? returned : { result: returned, addr: created } }
    const deposit = { Charge: 1_000 }
    const facts = { weightConsumed: WEIGHT, weightRequired: WEIGHT, gasConsumed: 0 }
    return answer({ ...facts, storageDeposit: deposit, maxStorageDeposit: deposit, result })
  }

  async function send(method: string, params: unknown[]): Promise<unknown> {
    switch (method) {
      case 'rpc_methods':
        return { methods: METHODS }
      case 'state_getMetadata':
        return metadata
      case 'state_getRuntimeVersion':
        return {
          ...{ specName: hub.specName, implName: hub.specName, authoringVersion: 1, implVersion: 0 },
          ...{ specVersion: hub.specVersion, transactionVersion: 1, apis: [], stateVersion: 1 },
        }
      case 'system_chain':
        return `${hub.name} asset hub (metadata only)`
      case 'system_chainType':
        return 'Development'
      case 'system_properties':
        return { ss58Format: 42, tokenDecimals: hub.decimals, tokenSymbol: 'DOT' }
      case 'chain_getBlockHash': {
        begin()
        const [number] = params
        if (number === undefined || number === null) return head().hash
        return blocks[Number(number)]?.hash ?? null
      }
      case 'chain_getFinalizedHead':
        return head().hash
      case 'chain_getHeader':
        return blockAt(params[0]).header
      case 'chain_getBlock': {
        const { header, extrinsics } = blockAt(params[0])
        return { block: { header, extrinsics }, justifications: null }
      }
      case 'state_queryStorageAt': {
        const [wanted, at] = params as [string[], string | undefined]
        const block = blockAt(at)
        return [{ block: block.hash, changes: wanted.map((key) => [key, block.storage.get(key) ?? null]) }]
      }
      case 'state_getStorage':
        return blockAt(params[1]).storage.get(String(params[0])) ?? null
      case 'system_accountNextIndex':
        return nonces.get(u8aToHex(decodeAddress(String(params[0])))) ?? 0
      case 'author_pendingExtrinsics':
        return []
      case 'author_submitExtrinsic':
        return apply(String(params[0]))
      case 'state_call': {
        const [name, input] = params as [string, string]
        if (name.startsWith('ReviveApi_')) return reviveCall(name.slice('ReviveApi_'.length), input)
      }
    }
    throw new Error(`the simulation does not know ${method} ${String(params[0])}`)
  }

  const provider = {
    hasSubscriptions: false,
    isClonable: false,
    isConnected: true,
    clone: () => provider,
    connect: async () => undefined,
    disconnect: async () => undefined,
    on: (type: string, listener: () => void) => {
      if (type === 'connected') setTimeout(listener, 0)
      return () => undefined
    },
    send: async (method: string, params: unknown[]) => {
      await Promise.resolve() // the API asks while it is made, and has no registry yet
      return send(method, params)
    },
    subscribe: async () => 0,
    unsubscribe: async () => true,
  } as unknown as Provider
  return {
    provider,
    decoded,
    /** Blocks that nobody has anything in. */
    mine: async (count = 1) => {
      for (let mined = 0; mined < count; mined += 1) seal([], undefined)
    },
    advance: async (seconds: number) => {
      timestampMs += seconds * 1000
      seal([], undefined)
    },
  }
}

type Some = { isSome: boolean; unwrap(): Codec }

function extensionsOf({ extensions }: DecodedExtrinsic) {
  const nonce = extensions.get('CheckNonce') as unknown as {
    toNumber?(): number
    nonce?: { toNumber(): number }
  }
  const era = extensions.get('CheckMortality') as unknown as {
    isMortalEra: boolean
    asMortalEra: { birth(current: unknown): number }
  }
  return { nonce: Number(String(nonce)), era }
}
