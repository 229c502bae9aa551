import type { Cli } from '@subagent-mcp/driver-kit'

export const claudeCli: Cli = {
  label: 'claude',
  command: 'claude',
  executableVariable: 'SUBAGENT_MCP_CLAUDE_PATH',
  installHint:
    'install Claude Code: npm install -g @anthropic-ai/claude-code (or see https://claude.com/claude-code)',
  signInHint: 'run `claude` in a terminal and sign in, or set ANTHROPIC_API_KEY',
}
