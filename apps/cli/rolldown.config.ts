import type { RolldownOptions } from 'rolldown'
import { thirdPartyNotices } from './third-party-notices.js'

const house = {
  platform: 'node',
  plugins: [thirdPartyNotices()],
  // Ours do nothing on import: what of them is not used is left out, and what that imports.
  treeshake: { moduleSideEffects: [{ test: /[\\/]packages[\\/][^\\/]+[\\/]dist[\\/]/, sideEffects: false }] },
} satisfies RolldownOptions
const output = { dir: 'dist', minify: false, comments: { legal: true, jsdoc: false } }

/** A few bundled files, so that nobody waits for module resolution; what a command does not need is not loaded. */
export const mainBundle = {
  ...house,
  input: {
    main: 'src/main.ts',
    'serve-in-process': 'src/serve-in-process.ts',
    // Run by the build, to write the help.
    'write-help': 'src/write-help.ts',
  },
  // libsql brings binaries, and is installed with the package. The other is 670 kB of secretlint's preset for reading
  // PKCS#12 files, which only a rule that is not used here loads.
  external: [/^libsql(\/|$)/, './index-BDnqZat0.js'],
  // jsonc-parser's `main` is UMD, which cannot be bundled.
  resolve: { mainFields: ['module', 'main'] },
  output: { ...output, format: 'esm', cleanDir: true },
} satisfies RolldownOptions

/** By itself, and CommonJS: node would take 8 ms and 1.5 MB more to get its loader of ES modules going. */
export const shimBundle = {
  ...house,
  input: { shim: 'src/shim.ts' },
  external: ['./serve-in-process.js'],
  output: { ...output, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shim-[name].cjs' },
} satisfies RolldownOptions

/** What hosts run at each tool call, and wait for: by itself for the same reason. */
export const hookBundle = {
  ...house,
  input: { hook: 'src/hook.ts' },
  output: { ...output, format: 'cjs', entryFileNames: '[name].cjs' },
} satisfies RolldownOptions

/** Help and completions, read from the file that `write-help` writes. */
export const helpBundle = {
  ...house,
  input: { help: 'src/help.ts' },
  output: { ...output, format: 'cjs', entryFileNames: '[name].cjs' },
} satisfies RolldownOptions

export default [mainBundle, shimBundle, hookBundle, helpBundle]
