import { Dialog } from '../components/Dialog.tsx'
import { AccountPanel } from './AccountPanel.tsx'
import { useWallet } from './useWallet.ts'
import { WalletChoice } from './WalletChoice.tsx'

/** Choosing a wallet, or what the connected one has. */
const WalletDialog = ({ onClose }: { onClose: () => void }) => {
  const { phase } = useWallet()
  const isConnected = phase === 'connected'
  return (
    <Dialog title={isConnected ? 'Your wallet' : 'Connect a wallet'} onClose={onClose}>
      {isConnected ? <AccountPanel onClose={onClose} /> : <WalletChoice />}
    </Dialog>
  )
}
export default WalletDialog
