/** A wallet as pages see it (EIP-1193). */
export type Eip1193 = {
  request: (call: { readonly method: string; readonly params?: readonly unknown[] }) => Promise<unknown>
  on?: (event: string, listener: (value: never) => void) => void
  removeListener?: (event: string, listener: (value: never) => void) => void
}

/** A wallet that announced itself (EIP-6963). Name and icon are whatever an extension likes to say. */
export type WalletDetail = {
  readonly info: {
    readonly uuid: string
    readonly name: string
    readonly icon: string
    readonly rdns: string
  }
  readonly provider: Eip1193
  /** A key of this page's own, for devnets. */
  readonly isDevKey?: boolean
  /** A Substrate account, as people write it: it sends extrinsics, and cannot sign what contracts check (EIP-712). */
  readonly ss58?: string
}
