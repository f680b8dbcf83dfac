import type { ApiPromise } from '@polkadot/api'

/** Transactions cannot be built for this chain: it wants something signed that the library in use leaves out. */
export class UnknownExtension extends Error {
  override readonly name = 'UnknownExtension'
  readonly moneyMoved = false
  readonly suggestion = 'Use the chain’s Ethereum JSON-RPC with a deployment for evm, or a newer version.'

  constructor(chain: string, names: readonly string[]) {
    super(
      `Transactions of ${chain} carry ${names.join(' and ')}, which this version does not know and would leave out, so that they would be malformed. No money moved. Use the chain’s Ethereum JSON-RPC with a deployment for evm, or a newer version.`,
    )
  }
}

/** What a caller declared to the library besides what that knows. */
export type Declared = NonNullable<
  NonNullable<ConstructorParameters<typeof ApiPromise>[0]>['signedExtensions']
>

/** `type` goes into the transaction, `signed` only under its signature; both are numbers of types in the metadata. */
type Extension = { readonly identifier: unknown; readonly type: unknown; readonly signed: unknown }

/**
 * Throws UnknownExtension if the chain wants something in its transactions, or signed with them, that @polkadot/api leaves
 * out. Extensions that it does not know are harmless as long as they are empty.
 * @param declared as it was given to the API
 */
export function requireKnownExtensions(api: ApiPromise, declared: Declared): void {
  const missing = missingExtensions(api, extensionsOf(api), declared)
  if (missing.length > 0) throw new UnknownExtension(api.runtimeVersion.specName.toString(), missing)
}

/** Before version 16 metadata have them under other names, which the library's conversion loses. */
function extensionsOf({ runtimeMetadata }: ApiPromise): Extension[] {
  if (runtimeMetadata.version < 16) {
    const { signedExtensions } = runtimeMetadata.asV15.extrinsic
    return signedExtensions.map(({ identifier, type, additionalSigned }) => {
      return { identifier, type, signed: additionalSigned }
    })
  }
  const { transactionExtensions } = runtimeMetadata.asLatest.extrinsic
  return transactionExtensions.map(({ identifier, type, implicit }) => ({
    identifier,
    type,
    signed: implicit,
  }))
}

function missingExtensions(api: ApiPromise, extensions: readonly Extension[], declared: Declared): string[] {
  const registry = api.registry as unknown as ApiPromise['registry'] & {
    // Its third parameter, which keeps it from warning, is missing in its declaration.
    setSignedExtensions(names: readonly string[], declared: Declared, isSilent: true): void
  }
  const names = extensions.map(({ identifier }) => String(identifier))
  const isEmpty = (type: unknown) =>
    registry.createType(registry.createLookupType(type as never)).encodedLength === 0
  try {
    return extensions.flatMap(({ identifier, type, signed }) => {
      // What the library would write for this one alone.
      registry.setSignedExtensions([String(identifier)], declared, true)
      const isWritten = isEmpty(type) || Object.keys(registry.getSignedExtensionTypes()).length > 0
      const isSigned = isEmpty(signed) || Object.keys(registry.getSignedExtensionExtra()).length > 0
      return isWritten && isSigned ? [] : [String(identifier)]
    })
  } finally {
    registry.setSignedExtensions(names, declared, true)
  }
}
