/** The name of our MCP server in the configuration of hosts and sessions, which is part of the names of its tools. */
export const mcpServerName = 'subagent-mcp'
