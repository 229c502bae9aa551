/** The name of our MCP server in the configuration of hosts and sessions, which is part of the names of its tools. */
export const mcpServerName = 'subagent-mcp'

/**
 * An MCP server in this process, for sessions of CLIs that exchange MCP messages over their own connection. Such a session needs no
 * process for the server.
 */
export type LocalMcpServer = {
  /** Connects the client in a session. @throws SubagentError if the client is refused */
  connect(client: LocalMcpClient): LocalMcpConnection
}

/** The MCP client in a session: the folder, the environment and the process of its CLI. */
export type LocalMcpClient = {
  cwd: string
  environment: Readonly<Record<string, string>>
  pid?: number
  /** Receives the JSON-RPC messages of the server. */
  onMessage(message: object): void
}

export type LocalMcpConnection = {
  /** Sends a JSON-RPC message of the client to the server. */
  send(message: object): void
  /** Ends the connection. Idempotent. */
  close(): void
}
