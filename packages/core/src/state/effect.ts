import type { SessionCloseMode, SessionCommand } from '@subagent-mcp/contract'
import type { RouteCandidate } from '@subagent-mcp/routing'
import type { SpentBudget } from '../budget/spent-budget.js'
import type { AgentMessage, AgentProfile, AttachedFile } from '../agent/agent.js'
import type { TurnToCheck } from '../checks/turn-verdict.js'

/** An action of the supervisor. Its outcome comes back as a fact, also when it fails. */
export type Effect =
  | {
      type: 'open'
      profile: AgentProfile
      candidate: RouteCandidate
      actor: string
      resumeSessionId?: string
    }
  | { type: 'send'; agentId: string; command: SessionCommand }
  /** Sends a message with its attached files, which are read now. */
  | {
      type: 'send-files'
      agentId: string
      command: SessionCommand & { type: 'prompt' | 'steer' }
      files: readonly AttachedFile[]
    }
  | { type: 'close'; agentId: string; mode: SessionCloseMode }
  /** Checks the result of a completed turn, and dispatches `turn-checked`. */
  | ({ type: 'check' } & TurnToCheck)
  /** Ends the running check of the agent's turn. Its verdict is dropped. */
  | { type: 'cancel-check'; agentId: string }
  /** Dispatches `slot-granted`: there is room for what the agent waits for. */
  | { type: 'grant-slot'; agentId: string }
  /** Dispatches `idle-expired` after `delay` milliseconds, immediately for 0. */
  | { type: 'expire-idle'; agentId: string; since: number; delay: number }
  /** Dispatches `turn-expired` after `delay` milliseconds. */
  | { type: 'limit-turn'; agentId: string; turnId: string; since: number; delay: number }
  /** Dispatches `budget-spent` for an agent that works. */
  | { type: 'spend-budget'; agentId: string; spent: SpentBudget }
  /** Dispatches `budget-due` after `delay` milliseconds, in place of an earlier timer of the same budget. */
  | { type: 'check-budget'; rootId: string; delay: number }
  /** Dispatches `question-expired` after `delay` milliseconds. */
  | { type: 'limit-question'; agentId: string; requestId: string; until: number; delay: number }
  /** Asks the user of a caller, and dispatches the answer or `question-passed`. */
  | { type: 'show-question'; agentId: string; requestId: string; caller: string }
  | { type: 'hide-question'; agentId: string; requestId: string }
  /** Ends the longest idle process of the pool. */
  | { type: 'retire-pooled' }
  /** Measures the machine again later, because an agent waits for room. */
  | { type: 'measure-later' }

/** Returns the effect that sends a message to the session of an agent, with the files of the message. */
export function createSendMessageEffect(
  agentId: string,
  command: SessionCommand & { type: 'prompt' | 'steer' },
  { files }: AgentMessage,
): Effect {
  return files ? { type: 'send-files', agentId, command, files } : { type: 'send', agentId, command }
}
