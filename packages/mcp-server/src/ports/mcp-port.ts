import type { Supervisor } from '@subagent-mcp/core'
import type { AgentsPort } from './agents-port.js'
import type { MailPort } from './mail-port.js'
import type { ModePort } from './mode-port.js'

/** What the MCP tools of one caller work with. */
export type McpPort = {
  /** For what tools show; what they change goes through `agents`. */
  supervisor: Supervisor
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
  agents: AgentsPort
  /** Orchestration mode; missing for agents, because it is their host's. */
  mode?: ModePort
  /** Missing where there is no mailbox. */
  mail?: MailPort
  /** Saves a long text to a file; the same name replaces it. Never throws, because an answer must reach its caller. */
  saveText(name: string, text: string): SavedText
}

/** Where a text is kept, or why it could not be. */
export type SavedText = { path: string } | { problem: string }
