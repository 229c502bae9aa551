import type { Supervisor } from '@subagent-mcp/core'
import type { ProjectMode } from '@subagent-mcp/orchestration'
import type { AgentsPort } from './agents-port.js'
import type { MailPort } from './mail-port.js'

/** The parts that the MCP tools of one caller use. */
export type McpPort = {
  /** Tools read the state of agents from it. They change agents through `agents`. */
  supervisor: Supervisor
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
  agents: AgentsPort
  /** The orchestration mode of the caller's project; missing for agents, because only their host sets it. */
  mode?: ProjectMode
  /** The caller's mailbox; missing where there is none. */
  mail?: MailPort
  /** Saves a long text to a file; the same name replaces it. Never throws, because an answer must reach its caller. */
  saveText(name: string, text: string): SavedText
}

/** The file of a saved text, or why it could not be saved. */
export type SavedText = { path: string } | { problem: string }
