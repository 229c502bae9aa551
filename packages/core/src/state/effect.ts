import type { CloseMode, SessionCommand } from '@subagent-mcp/contract'
import type { Candidate } from '@subagent-mcp/routing'
import type { Profile } from '../agent/agent.js'

/** A thing to do. What it leads to comes back as a fact, also when it fails. */
export type Effect =
  | { type: 'open'; profile: Profile; candidate: Candidate; actor: string; resumeSessionId?: string }
  | { type: 'send'; agentId: string; command: SessionCommand }
  | { type: 'close'; agentId: string; mode: CloseMode }
  /** The machine has room for what the agent waits for: say so in a fact, for the journal. */
  | { type: 'grant-slot'; agentId: string }
  /** Says `idle-expired` after `delay` milliseconds; 0 says it at once. */
  | { type: 'expire-idle'; agentId: string; since: number; delay: number }
  /** Says `turn-expired` after `delay` milliseconds. */
  | { type: 'limit-turn'; agentId: string; turnId: string; since: number; delay: number }
  /** Says `question-expired` after `delay` milliseconds. */
  | { type: 'limit-question'; agentId: string; requestId: string; until: number; delay: number }
  /** Asks the user of a caller; says what came of it. */
  | { type: 'show-question'; agentId: string; requestId: string; caller: string }
  | { type: 'hide-question'; agentId: string; requestId: string }
  /** Ends the pooled process that has been idle longest. */
  | { type: 'retire-pooled' }
  /** Somebody waits for room: look at the machine again in a while. */
  | { type: 'measure-later' }
