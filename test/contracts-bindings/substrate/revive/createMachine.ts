import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { getAddress, getBytes, hexlify, id } from 'ethers'
import { substrateChainFolder } from '../../../helpers/installSubstrateChain.ts'

/** What of @ethereumjs is used: it is installed apart, so that its types are not here. */
type Address = { toString(): string }
type RunResult = {
  createdAddress?: Address
  execResult: {
    returnValue: Uint8Array
    exceptionError?: { error: string }
    executionGasUsed: bigint
    logs?: [Uint8Array, Uint8Array[], Uint8Array][]
  }
}
type Evm = {
  runCall(options: object): Promise<RunResult>
  stateManager: {
    checkpoint(): Promise<void>
    commit(): Promise<void>
    revert(): Promise<void>
    getCode(address: Address): Promise<Uint8Array>
    getAccount(address: Address): Promise<{ nonce: bigint; balance: bigint } | undefined>
    putAccount(address: Address, account: object): Promise<void>
  }
}
type Modules = {
  evm: { createEVM(options: object): Promise<Evm> }
  common: { Common: new (options: object) => object; Mainnet: object; Hardfork: { Paris: string } }
  util: {
    createAddressFromString(text: string): Address
    createAccount(facts: object): object
  }
}

export type MachineResult = {
  readonly isOk: boolean
  readonly data: string
  readonly created: string | undefined
  readonly logs: readonly { address: string; topics: string[]; data: string }[]
  readonly gas: bigint
}

const GAS_LIMIT = 30_000_000n

/** What BLOCKHASH answers: the hash of a block that only the pallet knows, as in today's runtimes; no header has it. */
export function evmBlockHash(number: number): string {
  return id(`Ethereum block ${number}`)
}

async function load(): Promise<Modules> {
  const from = (name: string) =>
    import(
      pathToFileURL(join(substrateChainFolder, `node_modules/@ethereumjs/${name}/dist/esm/index.js`)).href
    )
  return { evm: await from('evm'), common: await from('common'), util: await from('util') } as Modules
}

/** Runs contracts in this process, as far as the Paris rules go. */
export async function createMachine(chainId: number, blockOf: () => { number: number; timestamp: number }) {
  const { evm, common, util } = await load()
  const { Common, Mainnet, Hardfork } = common
  const machine = await evm.createEVM({
    common: new Common({ chain: { ...Mainnet, chainId }, hardfork: Hardfork.Paris }),
    blockchain: {
      getBlock: async (number: number | bigint) => ({ hash: () => getBytes(evmBlockHash(Number(number))) }),
      shallowCopy: () => undefined,
    },
  })
  const { stateManager } = machine
  const addressOf = (text: string) => util.createAddressFromString(text.toLowerCase())

  async function run(asked: {
    from: string
    to?: string
    data: string
    nonce?: number
  }): Promise<MachineResult> {
    const caller = addressOf(asked.from)
    if (asked.nonce !== undefined) {
      // Contracts' addresses follow from this nonce, which is the account's own on the chain: the machine counts it up.
      await stateManager.putAccount(caller, util.createAccount({ nonce: BigInt(asked.nonce) }))
    }
    const { number, timestamp } = blockOf()
    const { execResult, createdAddress } = await machine.runCall({
      caller,
      ...(asked.to === undefined ? {} : { to: addressOf(asked.to) }),
      data: getBytes(asked.data),
      gasLimit: GAS_LIMIT,
      skipBalance: true,
      block: {
        header: {
          number: BigInt(number),
          timestamp: BigInt(timestamp),
          coinbase: addressOf(`0x${'0'.repeat(40)}`),
          gasLimit: GAS_LIMIT,
          baseFeePerGas: 1n,
          difficulty: 0n,
          prevRandao: new Uint8Array(32),
          getBlobGasPrice: () => 1n,
        },
      },
    })
    const isOk = execResult.exceptionError === undefined
    if (execResult.exceptionError && execResult.exceptionError.error !== 'revert') {
      throw new Error(`the machine stopped: ${execResult.exceptionError.error}`)
    }
    return {
      isOk,
      data: hexlify(execResult.returnValue),
      created: isOk && createdAddress ? getAddress(createdAddress.toString()) : undefined,
      logs: (isOk ? (execResult.logs ?? []) : []).map(([address, topics, data]) => ({
        address: getAddress(hexlify(address)),
        topics: topics.map((topic) => hexlify(topic)),
        data: hexlify(data),
      })),
      gas: execResult.executionGasUsed,
    }
  }

  return {
    run,
    /** The same, and nothing is changed. */
    async dryRun(asked: Parameters<typeof run>[0]): Promise<MachineResult> {
      await stateManager.checkpoint()
      try {
        return await run(asked)
      } finally {
        await stateManager.revert()
      }
    },
    code: async (address: string) => hexlify(await stateManager.getCode(addressOf(address))),
  }
}
