import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { config } from 'zod/v4/core'
import { App } from './App.tsx'
import { prefetch } from './api/prefetch.ts'
import { createQueryClient } from './api/queryClient.ts'
import { startTheme } from './live/theme.ts'
import './styles.css'
import { readRoute } from './url.ts'

startTheme()
config({ jitless: true }) // zod's faster way writes code as text, which the content policy forbids

const client = createQueryClient()
prefetch(client, readRoute(location.pathname))

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  )
