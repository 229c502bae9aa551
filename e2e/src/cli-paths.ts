import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The real CLIs of this workspace, development dependencies. */
export const [claudePath, codexPath, geminiPath] = [cliPath('claude'), cliPath('codex'), cliPath('gemini')]

/** Agents that CI and the soak install; `needsAcpAgents` says where tests can run them. */
export const [opencodePath, qwenPath] = [acpAgent('opencode/bin/opencode'), acpAgent('qwen/cli-entry.js')]

function acpAgent(path: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), '../../.tools/acp-agents', path)
}

function cliPath(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.bin', name)
}

/** The variables by which a server uses them. */
export const pathVariables = {
  SUBAGENT_MCP_CLAUDE_PATH: claudePath,
  SUBAGENT_MCP_CODEX_PATH: codexPath,
  SUBAGENT_MCP_GEMINI_PATH: geminiPath,
}
