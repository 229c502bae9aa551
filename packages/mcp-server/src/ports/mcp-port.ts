import type { Supervisor } from '@subagent-mcp/core'
import type { ProjectMode } from '@subagent-mcp/orchestration'
import type { AgentsPort } from './agents-port.js'
import type { MailPort } from './mail-port.js'
import type { SetupPort } from './setup-port.js'

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
  /** The installation on this machine; missing for agents, and where nothing is installed. */
  setup?: SetupPort
  /** The turns of the host's session that no person typed. Default: not limited. */
  untypedTurns?: UntypedTurns
  /** Saves a long text to a file; the same name replaces it. Never throws, because an answer must reach its caller. */
  saveText(name: string, text: string): SavedText
}

/** The turns of a host's session that begin because agents finished or ask, since a person last typed. */
export type UntypedTurns = {
  /** How many there may be; with 0 no result of ours may start one. */
  limit: number
  /** How many there were; 0 where no hook of the host counts them. */
  count(): number
  /** Notes that another one may begin. Never throws. */
  expect(): void
}

/** The file of a saved text, or why it could not be saved. */
export type SavedText = { path: string } | { problem: string }
