import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { healthQuery } from '../../api/queries.ts'
import { shorten } from '../../format/shorten.ts'
import { FailureBox } from '../FailureBox.tsx'
import { useWallet } from '../useWallet.ts'
import { connectWallet } from '../WalletStore.ts'
import { enableExtension, extensionNames } from './extensions.ts'
import { type NativeSigner, substrateWallet } from './substrateWallet.ts'

const LOOK_MS = 500

type Found = { readonly extension: string; readonly natives: readonly NativeSigner[] }

/** polkadot.js-compatible wallets and, once one has agreed, its accounts. */
const SubstrateChoice = () => {
  const names = useExtensionNames()
  const [found, setFound] = useState<Found>()
  const [asked, setAsked] = useState<string>()
  const [error, setError] = useState<unknown>()
  const enable = async (extension: string) => {
    setError(undefined)
    setAsked(extension)
    try {
      const { accounts, signer } = await enableExtension(extension)
      setFound({ extension, natives: accounts.map((account) => ({ extension, account, signer })) })
    } catch (refused) {
      setError(refused)
    } finally {
      setAsked(undefined)
    }
  }
  return (
    <>
      {error !== undefined && <FailureBox error={error} />}
      {names.length === 0 && (
        <p className="text-muted">
          No wallet for Substrate accounts was found in this browser. Install one that works like
          polkadot.js's extension (Polkadot{'{.js}'}, Talisman, SubWallet); it shows here by itself.
        </p>
      )}
      <ul className="grid gap-2">
        {names.map((name) => (
          <li key={name}>
            <Row
              title={name.slice(0, 60)}
              text={asked === name ? 'Answer in the wallet' : 'Browser extension; shows its accounts next'}
              onClick={() => void enable(name)}
            />
          </li>
        ))}
      </ul>
      {found && <Accounts found={found} />}
    </>
  )
}
export default SubstrateChoice

const Accounts = ({ found }: { found: Found }) => {
  const { data: health } = useQuery(healthQuery())
  const { phase, wallet } = useWallet()
  const { extension, natives } = found
  return (
    <section aria-labelledby="accounts-of-extension" className="grid gap-2">
      <h3 id="accounts-of-extension" className="font-semibold">
        Accounts of {extension.slice(0, 60)}
      </h3>
      {natives.length === 0 && (
        <p className="text-muted">
          It shows none to this page. Allow one in the extension, then choose it again.
        </p>
      )}
      <ul className="grid gap-2">
        {natives.map((native) => {
          const { address, name, type } = native.account
          const refusal = refusalOf(native, health?.genesisHash)
          const isAsked = phase === 'connecting' && wallet?.ss58 === address
          return (
            <li key={address}>
              <Row
                title={`${name?.slice(0, 60) || 'Account'} · ${shorten(address)}`}
                text={refusal ?? (isAsked ? 'Reading the chain' : (type ?? 'sr25519'))}
                onClick={
                  refusal === undefined ? () => void connectWallet(substrateWallet(native)) : undefined
                }
              />
            </li>
          )
        })}
      </ul>
      <p className="text-sm text-muted">
        An account that is new to this chain signs twice the first time: its contracts must come to know it by
        an address of theirs, which then stays its own.
      </p>
    </section>
  )
}

/** Why an account cannot be used here. */
const refusalOf = ({ account }: NativeSigner, genesisHash: string | null | undefined): string | undefined => {
  if (account.type === 'ethereum')
    return 'An Ethereum account: its extension signs no extrinsics that this chain takes. Use it in an Ethereum wallet, or choose an sr25519 or ed25519 account.'
  if (account.genesisHash && genesisHash && account.genesisHash !== genesisHash)
    return 'Kept for another chain. In the extension, allow it on any chain, then choose the wallet again.'
  return undefined
}

const Row = ({
  title,
  text,
  onClick,
}: {
  title: string
  text: string
  onClick: (() => void) | undefined
}) => (
  <button
    type="button"
    onClick={onClick}
    aria-disabled={onClick === undefined}
    className="w-full rounded-lg border border-line-strong bg-surface px-4 py-3 text-left hover:bg-raised aria-disabled:cursor-not-allowed"
  >
    <span className="block font-medium break-words">{title}</span>
    <span className="block text-sm text-muted">{text}</span>
  </button>
)

/** Extensions announce nothing: one looks. */
const useExtensionNames = (): readonly string[] => {
  const [names, setNames] = useState(extensionNames)
  useEffect(() => {
    const timer = setInterval(() => {
      const now = extensionNames()
      setNames((before) => (before.join() === now.join() ? before : now))
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return names
}
