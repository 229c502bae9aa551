/** Whether an entry of `tools` names MCP tools, in Claude's or Gemini's spelling. */
export function isMcpToolEntry(tool: string): boolean {
  return tool.startsWith('mcp_')
}

/** The MCP server of which an entry of `tools` names all tools; `*` for all servers, `undefined` for one tool. */
export function parseMcpWildcardServer(tool: string): string | undefined {
  if (/^mcp__?\*$/.test(tool)) return '*'
  const [, claude] = /^mcp__((?:(?!__)[^*])+)(?:__\*)?$/.exec(tool) ?? []
  const [, gemini] = /^mcp_([^_*][^*]*)_\*$/.exec(tool) ?? []
  return claude ?? gemini
}

export function formatMcpServerPrefix(server: string): string {
  return server.replace(/[^\w-]/g, '_')
}
