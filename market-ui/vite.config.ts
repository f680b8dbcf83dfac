import { join } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const MANIFEST = 'manifest.json'
const COMMON =
  /node_modules\/(?:react|react-dom|scheduler|@tanstack)\/|market-ui\/web\/(?:api|components|format|live|url|local)\b/

export default defineConfig({
  root: join(import.meta.dirname, 'web'),
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    manifest: MANIFEST,
    // What every page needs, in one file: each further one waits for one of a browser's six connections.
    rolldownOptions: { output: { advancedChunks: { groups: [{ name: 'common', test: COMMON }] } } },
  },
  resolve: {
    alias: [
      {
        find: /^@polkadot\/wasm-crypto-init$/,
        replacement: join(import.meta.dirname, 'web/wallet/substrate/noWasm.ts'),
      },
    ],
  },
})
