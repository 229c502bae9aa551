import { defineConfig } from 'rolldown'

/** A few bundled files, so that a host waits for no module resolution; what a command does not need is not loaded. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  output: { dir: 'dist', format: 'esm', minify: false, legalComments: 'inline', cleanDir: true },
})
