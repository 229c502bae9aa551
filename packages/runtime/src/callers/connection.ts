import type { Environment } from '@subagent-mcp/driver-kit'
import type { McpPort } from '@subagent-mcp/mcp-server'

/** A client that connects: a host's shim, a command, a worker, or the program that embeds the runtime. */
export type ClientInfo = {
  cwd: string
  /** The client's own environment. It holds secrets: it is never logged, and in no answer. */
  environment: Environment
  pid?: number
  /** The name of the host program. */
  host?: string
  /** A secret that the client keeps: the same key is the same caller, also after a restart of the daemon. */
  key?: string
  /** Set for a client that connects for one request, and takes no mail. */
  terminal?: true
  /** The name in the mailbox of the agents that the client launches. */
  mailbox?: string
}

/** A connected client: what it may do until it disconnects. */
export type Connection = {
  /** The id under which the supervisor knows this connection. */
  caller: string
  /** The use cases of this client, also for `serveMcp`. */
  port: McpPort
  /** Whether the client may launch agents: it is not too deep inside agents of ours. */
  mayLaunch: boolean
  /** The only tools that the client is offered; all of them unless given. */
  offers?: readonly string[]
  disconnect(): void
}
