import { thirdPartyNotices } from '@subagent-mcp/notices'
import { defineConfig } from 'vite'

/**
 * The build of the page: static files with relative addresses, which the daemon serves. Nothing is put inline, because the page's
 * Content-Security-Policy allows scripts and styles only from files.
 */
export default defineConfig({
  base: './',
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      plugins: [thirdPartyNotices()],
      // Packages of this repository have no side effects on import, so that unused modules of them are left out.
      treeshake: {
        moduleSideEffects: [{ test: /[\\/]packages[\\/][^\\/]+[\\/]dist[\\/]/, sideEffects: false }],
      },
    },
  },
})
