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
/** CommonJS, because the ES module loader of Node takes 8 ms more for one file, and a tenth more of the start of a daemon. */
const output = {
  dir: 'dist',
  format: 'cjs',
  entryFileNames: '[name].cjs',
  minify: false,
  comments: { legal: true, jsdoc: false },
} satisfies RolldownOptions['output']

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

/** Leaves the server that runs without a daemon out of the shim: it is a file of the main bundle. */
function serverOfMainBundle(): Plugin {
  return {
    name: 'server-of-main-bundle',
    resolveId: (id) =>
      id === './serve-in-process.js' ? { id: './serve-in-process.cjs', external: true } : undefined,
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
  output: { ...output, chunkFileNames: '[name]-[hash].cjs', cleanDir: true },
} satisfies RolldownOptions

/** The shim, which a host starts for each session. */
export const shimBundle = {
  ...base,
  input: { shim: 'src/shim.ts' },
  plugins: [...base.plugins, serverOfMainBundle()],
  output: { ...output, chunkFileNames: 'shim-[name].cjs' },
} satisfies RolldownOptions

/** The hook, which hosts run at each tool call and wait for. */
export const hookBundle = {
  ...base,
  input: { hook: 'src/hook.ts' },
  output,
} satisfies RolldownOptions

/** The hook that waits in the background to wake its host. */
export const wakeBundle = {
  ...base,
  input: { wake: 'src/wake.ts' },
  output,
} satisfies RolldownOptions

/** The status line of Claude Code, which runs it every few seconds. */
export const statusLineBundle = {
  ...base,
  input: { 'status-line': 'src/status-line.ts' },
  output,
} satisfies RolldownOptions

/** Help and completions, which are read from the file that `write-help` writes. */
export const helpBundle = {
  ...base,
  input: { help: 'src/help.ts' },
  output,
} satisfies RolldownOptions

export default [mainBundle, shimBundle, hookBundle, wakeBundle, statusLineBundle, helpBundle]
