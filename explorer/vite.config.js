import { defineConfig } from 'vite'

// The page is served at /graphql and whatever it loads under /explorer, so no address in it may be relative.
export default defineConfig({
  base: '/explorer/',
  worker: { format: 'es' },
  logLevel: 'error',
  build: { target: 'es2022', chunkSizeWarningLimit: 4000, license: { fileName: 'LICENSES.md' } },
})
