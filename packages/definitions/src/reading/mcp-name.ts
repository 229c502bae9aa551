/** Whether a name in `tools` is of MCP servers, as Claude writes it or Gemini. */
export function isMcpTool(tool: string): boolean {
  return tool.startsWith('mcp_')
}

/** The server that such a name stands for with all its tools, `*` for all servers. */
export function serverOfWildcard(tool: string): string | undefined {
  if (/^mcp__?\*$/.test(tool)) return '*'
  const [, claude] = /^mcp__((?:(?!__)[^*])+)(?:__\*)?$/.exec(tool) ?? []
  const [, gemini] = /^mcp_([^_*][^*]*)_\*$/.exec(tool) ?? []
  return claude ?? gemini
}

/** A server's name as it is in the names of its tools. */
export function mcpServerPrefix(server: string): string {
  return server.replace(/[^\w-]/g, '_')
}
