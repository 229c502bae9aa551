import type { CloseMode, SessionCommand } from '@subagent-mcp/contract'
import type { Candidate } from '@subagent-mcp/routing'
import type { Profile } from './agent.js'

/** A thing to do. What it leads to comes back as a fact, also when it fails. */
export type Effect =
  | { type: 'open'; profile: Profile; candidate: Candidate }
  | { type: 'send'; agentId: string; command: SessionCommand }
  | { type: 'close'; agentId: string; mode: CloseMode }
