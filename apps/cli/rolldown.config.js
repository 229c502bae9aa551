import { defineConfig } from 'rolldown'

/** A few bundled files, so that a host waits for no module resolution; what a command does not need is not loaded. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  // jsonc-parser's `main` is UMD, which cannot be bundled.
  resolve: { mainFields: ['module', 'main'] },
  output: { dir: 'dist', format: 'esm', minify: false, legalComments: 'inline', cleanDir: true },
})
