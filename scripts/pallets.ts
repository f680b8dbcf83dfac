/**
 * `npm run pallets`: what each pallet has, under the name that a Substrate runtime would give it (`add_machine`) and the
 * one in the contract's ABI (`addMachine`). Compiled from the source on each run; `npm run pallets -- Market` prints one.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { describePallet, type PalletArtifact, renderPallet } from './describePallet.ts'
import { annexes, withAnnex } from './withAnnex.ts'

type Solc = {
  compile(
    input: string,
    readers: { import: (path: string) => { contents: string } | { error: string } },
  ): string
}
type Output = {
  errors?: { severity: string; formattedMessage: string }[]
  contracts?: Record<string, Record<string, PalletArtifact>>
}

const root = resolve(import.meta.dirname, '..')
const folder = 'contracts/src/pallets'
const solc = createRequire(import.meta.url)('solc') as Solc
const names = readdirSync(join(root, folder))
  .filter((file) => file.endsWith('.sol') && file !== 'Pallet.sol')
  .map((file) => basename(file, '.sol'))

function read(path: string): { contents: string } | { error: string } {
  const file = path.startsWith('solady/') ? `node_modules/solady/src/${path.slice('solady/'.length)}` : path
  try {
    return { contents: readFileSync(join(root, file), 'utf8') }
  } catch (error) {
    return { error: String(error) }
  }
}

/** ABI and storage need no code to be generated, which is what takes a compiler its time. */
function compile(): Record<string, Record<string, PalletArtifact>> {
  const source = (name: string) => {
    const path = `${folder}/${name}.sol`
    return [path, { content: readFileSync(join(root, path), 'utf8') }] as const
  }
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(names.map(source)),
    settings: { outputSelection: { '*': { '*': ['abi', 'storageLayout'] } } },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output
  const failed = output.errors?.find(({ severity }) => severity === 'error')
  if (failed || !output.contracts) throw new Error(failed?.formattedMessage ?? 'solc gave no contracts')
  return output.contracts
}

const [only] = process.argv.slice(2)
const wanted = names.filter((name) => only === undefined || name.toLowerCase() === only.toLowerCase())
if (wanted.length === 0) {
  console.error(`There is no pallet ${only}: ${names.join(', ')}.`)
  process.exitCode = 1
} else {
  const contracts = compile()
  for (const name of wanted) {
    const own = contracts[`${folder}/${name}.sol`]![name]!
    const annex = annexes[name]
    // It is compiled with what creates it.
    const more = annex && contracts[`${folder}/${name.toLowerCase()}/${annex}.sol`]![annex]!.abi
    const abi = more ? withAnnex(own.abi, more, []) : own.abi
    console.log(renderPallet(describePallet(name, { ...own, abi })))
  }
}
