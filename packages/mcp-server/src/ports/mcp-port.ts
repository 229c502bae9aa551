import type { RecapReport } from '@subagent-mcp/api'
import type { Supervisor } from '@subagent-mcp/core'
import type { ClientProjectMode } from '@subagent-mcp/orchestration'
import type { AgentsPort } from './agents-port.js'
import type { ChangesPort } from './changes-port.js'
import type { MailPort } from './mail-port.js'
import type { SetupPort } from './setup-port.js'

/** The parts that the MCP tools of one caller use. */
export type McpPort = {
  /** The supervisor, from which tools read the state of agents. Tools change agents only through `agents`. */
  supervisor: Supervisor
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
  agents: AgentsPort
  changes: ChangesPort
  /** The orchestration mode of the caller's project; missing for agents, because only their host sets it. */
  mode?: ClientProjectMode
  /** The caller's mailbox; missing if it has none. */
  mail?: MailPort
  /** The installation on this machine; missing for agents, and if nothing is installed. */
  setup?: SetupPort
  /** Returns what agents did since a time (Unix milliseconds; default: eight hours ago); missing for agents. */
  recap?: (request: { since?: number }) => Promise<RecapReport>
  /** The count of turns in the host's session that no person typed. Default: such turns are not limited. */
  untypedTurns?: AutomaticTurnCount
  /** Saves a long text to a file; the same name replaces it. Never throws, because an answer must reach its caller. */
  saveText(name: string, text: string): SavedTextFile
}

/** The count of turns in a host's session that started because agents finished or ask for permission, since a person last typed. */
export type AutomaticTurnCount = {
  /** The most turns that may start without a person. With 0 no result of this server may start a turn. */
  limit: number
  /** Returns the number of turns that started without a person; 0 if no hook of the host counts them. */
  count(): number
  /** Records that another turn without a person may begin. Never throws. */
  expect(): void
}

/** The file of a saved text, or the reason why the text could not be saved. */
export type SavedTextFile = { path: string } | { problem: string }
