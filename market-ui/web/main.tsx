import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { config } from 'zod/v4/core'
import { App } from './App.tsx'
import { createQueryClient } from './api/queryClient.ts'
import { startTheme } from './live/theme.ts'
import './styles.css'

startTheme()
config({ jitless: true }) // zod's faster way writes code as text, which the content policy forbids

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={createQueryClient()}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  )
