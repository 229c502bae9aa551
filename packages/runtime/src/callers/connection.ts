import type { Environment } from '@subagent-mcp/driver-kit'
import type { McpCaller } from '@subagent-mcp/mcp-server'

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
  /** The caller id of a worker’s replica, the same in each run, so that its agents are found in the journal. Default: by `key`, or random. */
  caller?: string
  /** Set for a client that connects for one request and has no mailbox. */
  terminal?: true
  /** Set for a page in a browser: a person uses it, though it has no terminal. */
  attended?: true
  /** The name in the mailbox of the agents that the client launches. */
  mailbox?: string
}

/** The connection of a client: its operations and its rights, for `serveMcp` and for direct calls, until it disconnects. */
export type Connection = Pick<
  McpCaller,
  'caller' | 'port' | 'mayLaunch' | 'offers' | 'offersAll' | 'callLimit'
> & {
  disconnect(): void
}
