import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin, RolldownOptions } from 'rolldown'
import { thirdPartyNotices } from '@subagent-mcp/notices'

const base = {
  platform: 'node',
  plugins: [thirdPartyNotices()],
  // Packages of this repository have no side effects on import, so that unused modules of them are left out.
  treeshake: { moduleSideEffects: [{ test: /[\\/]packages[\\/][^\\/]+[\\/]dist[\\/]/, sideEffects: false }] },
} satisfies RolldownOptions
const output = { dir: 'dist', minify: false, comments: { legal: true, jsdoc: false } }

/** Copies folders that the program reads beside the bundle, where it looks for them: the shipped definitions, and the page. */
function shippedFolders(): Plugin {
  const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
  const sources = { agents: '../../packages/definitions/agents', dashboard: '../dashboard/dist' }
  return {
    name: 'shipped-folders',
    writeBundle: () => {
      for (const [copy, source] of Object.entries(sources)) {
        rmSync(folder(copy), { recursive: true, force: true })
        cpSync(folder(source), folder(copy), { recursive: true })
      }
    },
  }
}

/** The commands, bundled into a few files for fast loading. A command loads only the files that it needs. */
export const mainBundle = {
  ...base,
  plugins: [...base.plugins, shippedFolders()],
  input: {
    main: 'src/main.ts',
    'serve-in-process': 'src/serve-in-process.ts',
    'check-journal-thread': 'src/daemon/check-journal-thread.ts',
    // Run by the build to write the help.
    'write-help': 'src/write-help.ts',
  },
  // libsql has binaries and is installed as a dependency. The other is a part of secretlint's preset (670 kB, PKCS#12
  // files) that is loaded only by a rule that is not used here.
  external: [/^libsql(\/|$)/, './index-BDnqZat0.js'],
  // jsonc-parser's `main` is UMD, which cannot be bundled.
  resolve: { mainFields: ['module', 'main'] },
  output: { ...output, format: 'esm', cleanDir: true },
} satisfies RolldownOptions

/** The shim. It is CommonJS because the ES module loader of Node would take 8 ms and 1.5 MB more. */
export const shimBundle = {
  ...base,
  input: { shim: 'src/shim.ts' },
  external: ['./serve-in-process.js'],
  output: { ...output, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shim-[name].cjs' },
} satisfies RolldownOptions

/** The hook, which hosts run at each tool call and wait for. It is CommonJS for the same reason. */
export const hookBundle = {
  ...base,
  input: { hook: 'src/hook.ts' },
  output: { ...output, format: 'cjs', entryFileNames: '[name].cjs' },
} satisfies RolldownOptions

/** The hook that waits in the background to wake its host. It is CommonJS for the same reason. */
export const wakeBundle = {
  ...base,
  input: { wake: 'src/wake.ts' },
  output: { ...output, format: 'cjs', entryFileNames: '[name].cjs' },
} satisfies RolldownOptions

/** The status line of Claude Code, which runs it every few seconds. It is CommonJS for the same reason. */
export const statusLineBundle = {
  ...base,
  input: { 'status-line': 'src/status-line.ts' },
  output: { ...output, format: 'cjs', entryFileNames: '[name].cjs' },
} satisfies RolldownOptions

/** Help and completions, which are read from the file that `write-help` writes. */
export const helpBundle = {
  ...base,
  input: { help: 'src/help.ts' },
  output: { ...output, format: 'cjs', entryFileNames: '[name].cjs' },
} satisfies RolldownOptions

export default [mainBundle, shimBundle, hookBundle, wakeBundle, statusLineBundle, helpBundle]
