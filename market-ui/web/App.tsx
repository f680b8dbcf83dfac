import { ChainBanners } from './components/ChainBanners.tsx'
import { Header } from './components/Header.tsx'
import { useChanges } from './live/useChanges.ts'
import { useRoute } from './live/useRoute.ts'
import { MarketPage } from './market/MarketPage.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import { OrderPage } from './order/OrderPage.tsx'

export const App = () => {
  useChanges()
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
        {route.page === 'market' && <MarketPage />}
        {route.page === 'order' && <OrderPage key={route.orderId} orderId={route.orderId} />}
        {route.page === 'unknown' && <NotFoundPage />}
      </main>
    </>
  )
}
