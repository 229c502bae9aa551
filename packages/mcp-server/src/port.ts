import type { Supervisor } from '@subagent-mcp/core'
import type { AgentsPort } from './agents-port.js'
import type { MailPort } from './mail-port.js'
import type { ModePort } from './mode-port.js'

/** What the server needs of the house: given by whoever wires it. */
export type McpPort = {
  supervisor: Supervisor
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
  /** What becomes of agents whose host is gone, where a launch does not say. */
  onHostExit: 'keep' | 'kill'
  agents: AgentsPort
  /** Missing for agents: the mode is their host's. */
  mode?: ModePort
  /** Missing where there is no mailbox. */
  mail?: MailPort
  /** The absolute path of an existing folder; without a path the host's own. @throws SubagentError `cwd-missing` */
  resolveFolder(path: string | undefined): string
  /** Keeps a long text on disk. The same name is the same file. Never throws: an answer must reach its caller. */
  saveText(name: string, text: string): SavedText
}

/** Where a text is kept, or why it could not be. */
export type SavedText = { path: string } | { problem: string }
