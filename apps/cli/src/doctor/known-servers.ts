/**
 * MCP servers that run sub-agents as ours does: a model that has two of them mixes up their tools. Each is told by
 * words of its command line, all of which are there.
 */
export const knownServers: readonly { label: string; words: readonly string[] }[] = [
  { label: 'this very server', words: ['subagent-mcp'] },
  { label: 'Claude Code itself', words: ['claude', 'mcp', 'serve'] },
  { label: 'Codex itself', words: ['codex', 'mcp-server'] },
  { label: 'claude-code-mcp', words: ['claude-code-mcp'] },
  { label: 'claude-flow', words: ['claude-flow'] },
  { label: 'ruflo', words: ['ruflo'] },
  { label: 'mcp-delegate-cli', words: ['mcp-delegate-cli'] },
  { label: 'PAL', words: ['pal-mcp-server'] },
  { label: 'sub-agents-mcp', words: ['sub-agents-mcp'] },
  { label: 'Zen', words: ['zen-mcp-server'] },
]
