import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Paths of the real CLIs, which are development dependencies of this package. */
export const [claudePath, codexPath, geminiPath] = [cliPath('claude'), cliPath('codex'), cliPath('gemini')]

/** Path of the tool that packs bundles for Claude Desktop. */
export const mcpbPath = cliPath('mcpb')

/** Paths of opencode and qwen, which CI and the soak install. Tests on them carry the tag `needsAcpAgents`. */
export const [opencodePath, qwenPath] = [acpAgent('opencode/bin/opencode'), acpAgent('qwen/cli-entry.js')]

function acpAgent(path: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), '../../.tools/acp-agents', path)
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
