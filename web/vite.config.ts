import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/graphiql/',
  plugins: [react()],
  build: {
    // The licences of what is bundled travel with it.
    license: { fileName: 'licenses.md' },
    // The editor alone is larger than the size at which Vite warns.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      // Libraries carry hints to the React compiler, which are of no use here.
      onLog: (level, log, handle) => log.code === 'MODULE_LEVEL_DIRECTIVE' || handle(level, log),
    },
  },
  server: {
    // `npm run dev` talks to a service that runs on this machine.
    proxy: { '/api': 'http://127.0.0.1:8080', '/graphql': 'http://127.0.0.1:8080' },
  },
})
