import type { Environment } from '@subagent-mcp/driver-kit'
import type { McpPort } from '@subagent-mcp/mcp-server'

/** A client that connects: a host's shim, a command, a worker, or the program that embeds the runtime. */
export type ClientInfo = {
  cwd: string
  /** The client's own environment. It holds secrets, so it is neither logged nor returned. */
  environment: Environment
  pid?: number
  /** The name of the host program. */
  host?: string
  /** A secret of the client. Connections with the same key are the same caller, also after a restart of the daemon. */
  key?: string
  /** Set for a client that connects for one request, and takes no mail. */
  terminal?: true
  /** The name in the mailbox of the agents that the client launches. */
  mailbox?: string
}

/** A connected client, with what it may do until it disconnects. */
export type Connection = {
  /** The caller's id in the supervisor. */
  caller: string
  /** What the connected client can do, for `serveMcp` and for direct calls. */
  port: McpPort
  /** Whether the client may launch agents, which the depth limit decides. */
  mayLaunch: boolean
  /** The only MCP tools that the client is offered. Default: all. */
  offers?: readonly string[]
  /** Whether the client is also offered tools that it cannot use yet. */
  offersAll?: boolean
  /** Returns the seconds after which a client with this MCP name gives a tool call up. Default: by its name alone. */
  callLimit?(name: string | undefined): number
  disconnect(): void
}
