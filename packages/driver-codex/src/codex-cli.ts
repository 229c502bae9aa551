import type { Cli } from '@subagent-mcp/driver-kit'

export const codexCli: Cli = {
  label: 'codex',
  command: 'codex',
  executableVariable: 'SUBAGENT_MCP_CODEX_PATH',
  installHint: 'install Codex: npm install -g @openai/codex (or see https://developers.openai.com/codex)',
  signInHint: 'run `codex login`, or set up a model provider with a key in ~/.codex/config.toml',
}
