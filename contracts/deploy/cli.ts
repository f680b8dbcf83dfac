// `npm run deploy -- --rpc URL --chain-id N --token ADDRESS --keystore FILE --password-file FILE`: see --help.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isAddress, type Signer, type Wallet } from 'ethers'
import { readKeystore } from '../bindings/accounts/readKeystore.ts'
import { type ChainKind, chainKinds } from '../bindings/chainKinds.ts'
import { createProvider } from '../bindings/context.ts'
import { DeploymentError } from './DeploymentError.ts'
import { deployOnce } from './deployOnce.ts'
import { parameterSet, parameterSetNames, withBeacon } from './parameterSet.ts'

const POLLING_MS = 1_000

const usage = `usage: npm run deploy -- [options]
  --chain KIND          ${chainKinds.join(', ')}; default: evm
  --rpc URL             the chain's JSON-RPC address; of a Substrate node ws:// or wss://
  --chain-id N          the chain you mean; another one behind --rpc is refused
  --token ADDRESS       the ERC-20 that the market uses
  --keystore FILE       encrypted account that pays; a fresh one gets the same addresses on every chain
  --password-file FILE  its password
  --parameters NAME     ${parameterSetNames.join(', ')}, or a JSON file with the market's parameters; default: default
  --beacon NAME         what orders are drawn by: evmnet (drand), or block for the chain's own hashes, which whoever makes blocks
                        can bias; default: evmnet, with the parameters devnet block
  --records DIR         where deployments are recorded, per chain id; default: deployments
  --out FILE            also write the record that daemon, auditor and market server read`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      chain: { type: 'string', default: 'evm' },
      rpc: { type: 'string' },
      'chain-id': { type: 'string' },
      token: { type: 'string' },
      keystore: { type: 'string' },
      'password-file': { type: 'string' },
      parameters: { type: 'string', default: 'default' },
      beacon: { type: 'string' },
      records: { type: 'string', default: 'deployments' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.error(usage)
  const { rpc, token, keystore, parameters } = values
  const chainId = Number(values['chain-id'])
  const passwordFile = values['password-file']
  if (!rpc || !token || !keystore || !passwordFile || !Number.isSafeInteger(chainId))
    throw new DeploymentError('An option is missing.', usage)
  if (!isAddress(token)) throw new DeploymentError(`--token ${token} is not an address.`, usage)
  const set = withBeacon(parameterSet(parameters), values.beacon)
  const chain = chainKinds.find((kind) => kind === values.chain)
  if (!chain) throw new DeploymentError(`There is no kind of chain ${values.chain}.`, usage)
  const signer = await openSigner(chain, rpc, await readKeystore({ file: keystore, passwordFile }))
  try {
    const say = (line: string) => console.error(line)
    const plan = { chain, chainId, token, folder: values.records }
    const deployment = await deployOnce({ signer, ...plan, parameters: set, say })
    if (values.out) writeFileSync(values.out, `${JSON.stringify(deployment, null, 2)}\n`)
    console.log(JSON.stringify(deployment))
  } finally {
    signer.provider?.destroy()
  }
}

/** Whoever deploys, on whichever kind of chain. */
async function openSigner(chain: ChainKind, rpc: string, keystore: Wallet): Promise<Signer> {
  if (chain === 'evm') return keystore.connect(createProvider(rpc, await askChainId(rpc)))
  const { openSubstrate } = await import('../bindings/substrate/openSubstrate.ts')
  const { signerFor } = await openSubstrate({ kind: chain, urls: [rpc], pollingIntervalMs: POLLING_MS })
  return signerFor(keystore)
}

/** The provider is made for what the node says it is; deployOnce compares that with what was meant. */
async function askChainId(rpc: string): Promise<number> {
  const probe = createProvider(rpc, 1)
  try {
    return Number(await probe.send('eth_chainId', []))
  } catch (cause) {
    throw new DeploymentError(
      `${rpc} does not answer: ${(cause as Error).message}. Nothing was sent.`,
      'Check --rpc.',
    )
  } finally {
    probe.destroy()
  }
}

try {
  await main()
} catch (error) {
  const { message, suggestion } = error as Error & { suggestion?: string }
  console.error([message, suggestion].filter(Boolean).join(' '))
  process.exitCode = 1
}
