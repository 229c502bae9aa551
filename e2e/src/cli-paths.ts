import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Paths of the real CLIs, which are development dependencies of this package. */
export const [claudePath, codexPath, geminiPath] = [cliPath('claude'), codexProgram(), cliPath('gemini')]

/** The script that npm installs as `codex`. It starts Node, which starts the program at `codexPath`. */
export const codexScriptPath = cliPath('codex')

/** Path of the tool that packs bundles for Claude Desktop. */
export const mcpbPath = cliPath('mcpb')

/** Paths of opencode and qwen, which CI and the soak install. Tests on them carry the tag `needsAcpAgents`. */
export const [opencodePath, qwenPath] = [acpAgent('opencode/bin/opencode'), acpAgent('qwen/cli-entry.js')]

function acpAgent(path: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), '../../.tools/acp-agents', path)
}

/** Finds the program of Codex in the package of this platform, where the script of npm finds it. */
function codexProgram(): string {
  const codex = createRequire(import.meta.url).resolve('@openai/codex/package.json')
  const name = `@openai/codex-${process.platform}-${process.arch}/package.json`
  const vendor = join(dirname(createRequire(codex).resolve(name)), 'vendor')
  const [target = ''] = readdirSync(vendor)
  return join(vendor, target, 'bin/codex')
}

function cliPath(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.bin', name)
}

/** Variables by which our server finds the real CLIs. */
export const cliPathVariables = {
  SUBAGENT_MCP_CLAUDE_PATH: claudePath,
  SUBAGENT_MCP_CODEX_PATH: codexPath,
  SUBAGENT_MCP_GEMINI_PATH: geminiPath,
}

/**
 * Variables with which Claude compiles less: its sessions in tests are too short to gain from it. They save a tenth of its
 * processor time.
 */
export const shortSessionVariables = { BUN_JSC_useDFGJIT: '0', BUN_JSC_numberOfGCMarkers: '1' }
