import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The page and the graph are one origin to the browser, here as behind a proxy in production.
const proxy = { '/graphql': { target: process.env.TRIBUTARY_URL ?? 'http://127.0.0.1:8000', changeOrigin: true } }

export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
})
