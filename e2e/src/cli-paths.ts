import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The real CLIs of this workspace, development dependencies. */
export const [claudePath, codexPath, geminiPath] = [cliPath('claude'), cliPath('codex'), cliPath('gemini')]

function cliPath(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.bin', name)
}

/** The variables by which a server uses them. */
export const pathVariables = {
  SUBAGENT_MCP_CLAUDE_PATH: claudePath,
  SUBAGENT_MCP_CODEX_PATH: codexPath,
  SUBAGENT_MCP_GEMINI_PATH: geminiPath,
}
