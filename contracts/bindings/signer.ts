import type { ContractRunner, Signer } from 'ethers'

/** Whatever can sign EIP-712 data: a keyring account, a wallet in the browser. */
export type TypedDataSigner = Pick<Signer, 'getAddress' | 'signTypedData'>

/** Whether a context's runner can sign, rather than only read. */
export function isSigner(runner: ContractRunner): runner is ContractRunner & TypedDataSigner {
  return 'signTypedData' in runner && 'getAddress' in runner
}

/** The context's signer; throws a TypeError for a read-only context, which is a mistake in the calling code. */
export function signerOf(context: { runner: ContractRunner }): ContractRunner & TypedDataSigner {
  if (!isSigner(context.runner)) throw new TypeError('this call needs a context with a signer')
  return context.runner
}

/** Whether the account can sign what contracts check: on Substrate chains not every one has a key for that. */
export function signsTypedData(runner: ContractRunner): boolean {
  return (runner as { signsTypedData?: boolean }).signsTypedData !== false
}
