import { lazy, Suspense } from 'react'
import { ChainBanners } from './components/ChainBanners.tsx'
import { Header } from './components/Header.tsx'
import { SkeletonRows } from './components/Skeleton.tsx'
import { useNotifications } from './inbox/useNotifications.ts'
import { useLightClientSetup } from './lightClient/useLightClient.ts'
import { useChanges } from './live/useChanges.ts'
import { useRoute } from './live/useRoute.ts'
import { MarketPage } from './market/MarketPage.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import type { Route } from './url.ts'
import { useWalletSetup } from './wallet/useWallet.ts'

// The market page is the way in; what signs or draws comes when it is asked for.
const OrderPage = lazy(() => import('./order/OrderPage.tsx'))
const NewOrderPage = lazy(() => import('./ordering/NewOrderPage.tsx'))
const MachinePage = lazy(() => import('./machine/MachinePage.tsx'))
const DisputePage = lazy(() => import('./dispute/DisputePage.tsx'))
const TxPage = lazy(() => import('./tx/TxPage.tsx'))
const JobsPage = lazy(() => import('./jobs/JobsPage.tsx'))
const SellPage = lazy(() => import('./sell/SellPage.tsx'))
const AuditPage = lazy(() => import('./audit/AuditPage.tsx'))
const InboxPage = lazy(() => import('./inbox/InboxPage.tsx'))
const SettingsPage = lazy(() => import('./settings/SettingsPage.tsx'))

export const App = () => {
  useChanges()
  useWalletSetup()
  useLightClientSetup()
  useNotifications()
  const route = useRoute()
  return (
    <>
      <a
        href="#main"
        className="sr-only rounded-lg bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-10"
      >
        Skip to content
      </a>
      <Header />
      <ChainBanners />
      <main id="main" tabIndex={-1} className="mx-auto max-w-6xl px-4 py-6 outline-none sm:px-6 sm:py-8">
        <Suspense fallback={<SkeletonRows rows={6} what="the page" />}>
          <Page route={route} />
        </Suspense>
      </main>
    </>
  )
}

const Page = ({ route }: { route: Route }) => {
  switch (route.page) {
    case 'market':
      return <MarketPage />
    case 'order':
      return <OrderPage key={route.orderId} orderId={route.orderId} />
    case 'newOrder':
      return <NewOrderPage />
    case 'machine':
      return <MachinePage key={route.machineId} machineId={route.machineId} />
    case 'dispute':
      return <DisputePage key={route.disputeId} disputeId={route.disputeId} />
    case 'tx':
      return <TxPage key={route.hash} hash={route.hash} />
    case 'jobs':
      return <JobsPage />
    case 'sell':
      return <SellPage />
    case 'audit':
      return <AuditPage />
    case 'inbox':
      return <InboxPage />
    case 'settings':
      return <SettingsPage />
    default:
      return <NotFoundPage />
  }
}
