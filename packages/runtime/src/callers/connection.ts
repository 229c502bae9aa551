import type { Environment } from '@subagent-mcp/driver-kit'
import type { McpPort } from '@subagent-mcp/mcp-server'

/** A client that connects: a host's shim, a command, a worker, or the embedding program. */
export type ClientInfo = {
  cwd: string
  /** The client's own environment. It holds secrets, so it is neither logged nor returned. */
  environment: Environment
  pid?: number
  /** The name of the host program. */
  host?: string
  /** A secret of the client. Connections with the same key are the same caller, also after a restart of the daemon. */
  key?: string
  /** Set for a client that connects for one request and has no mailbox. */
  terminal?: true
  /** Set for a page in a browser: a person uses it, though it has no terminal. */
  attended?: true
  /** The name in the mailbox of the agents that the client launches. */
  mailbox?: string
}

/** The connection of a client: its operations, and its rights until it disconnects. */
export type Connection = {
  caller: string
  /** The operations of the connected client, for `serveMcp` and for direct calls. */
  port: McpPort
  /** Whether the depth limit lets the client launch agents. */
  mayLaunch: boolean
  /** The only MCP tools that the client is offered. Default: all. */
  offers?: readonly string[]
  /** Whether the client is also offered tools that it cannot use yet. */
  offersAll?: boolean
  /** Returns the seconds after which a client with this MCP name ends a tool call. Default: a table of limits by name. */
  callLimit?(name: string | undefined): number
  disconnect(): void
}
