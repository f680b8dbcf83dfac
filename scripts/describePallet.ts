/** A contract in a Substrate runtime's words. */

type Param = { readonly name: string; readonly type: string; readonly internalType?: string }
type AbiItem = {
  readonly type: string
  readonly name?: string
  readonly inputs?: readonly Param[]
  readonly stateMutability?: string
}

/** What a compiler says of a contract. */
export type PalletArtifact = {
  readonly abi: readonly AbiItem[]
  readonly storageLayout: {
    readonly storage: readonly { readonly label: string; readonly type: string }[]
    readonly types: Readonly<Record<string, { readonly label: string }>> | null
  }
}

type Line = { readonly runtimeName: string; readonly abiName: string; readonly rest: string }
export type PalletDescription = {
  readonly name: string
  readonly sections: Readonly<Record<string, readonly Line[]>>
}

/** `addMachine` is `add_machine` in a runtime; what begins with a capital (events, errors) keeps its name there. */
export function runtimeName(abiName: string): string {
  const name = abiName.replace(/^_+/, '')
  if (/^[A-Z][a-z]/.test(name)) return name
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}

function parameters(inputs: readonly Param[] | undefined): string {
  return (inputs ?? [])
    .map(({ name, type, internalType }) => {
      const short = internalType?.replace(/^(struct|enum|contract) /, '') ?? type
      return name === '' ? short : `${runtimeName(name)}: ${short}`
    })
    .join(', ')
}

/** Calls change state, storage getters (views) do not; storage is what the contract keeps, by its own names. */
export function describePallet(name: string, { abi, storageLayout }: PalletArtifact): PalletDescription {
  const isView = ({ stateMutability }: AbiItem) => stateMutability === 'view' || stateMutability === 'pure'
  const functions = abi.filter(({ type }) => type === 'function')
  const own = new RegExp(`^${name}(?=[A-Z])`)
  const lines = (items: readonly AbiItem[]) =>
    items.map((item) => ({
      // An ABI has no pallets, so that errors carry their pallet's name there.
      runtimeName: runtimeName(item.type === 'error' ? item.name!.replace(own, '') : item.name!),
      abiName: item.name!,
      rest: `(${parameters(item.inputs)})`,
    }))
  return {
    name,
    sections: {
      calls: lines(functions.filter((item) => !isView(item))),
      views: lines(functions.filter(isView)),
      storage: storageLayout.storage.map(({ label, type }) => ({
        runtimeName: runtimeName(label),
        abiName: label,
        rest: storageLayout.types?.[type]?.label ?? type,
      })),
      events: lines(abi.filter(({ type }) => type === 'event')),
      errors: lines(abi.filter(({ type }) => type === 'error')),
    },
  }
}

/** As text in three columns: the runtime's name, the ABI's, and what it takes or holds. */
export function renderPallet({ name, sections }: PalletDescription): string {
  const all = Object.values(sections).flat()
  const width = (pick: (line: Line) => string) => Math.max(...all.map((line) => pick(line).length))
  const [first, second] = [width((line) => line.runtimeName), width((line) => line.abiName)]
  const body = Object.entries(sections).flatMap(([title, lines]) => [
    `  ${title}`,
    ...lines.map((line) =>
      `    ${line.runtimeName.padEnd(first)}  ${line.abiName.padEnd(second)}  ${line.rest}`.trimEnd(),
    ),
  ])
  return [`pallet ${runtimeName(name[0]!.toLowerCase() + name.slice(1))} (${name})`, ...body, ''].join('\n')
}
