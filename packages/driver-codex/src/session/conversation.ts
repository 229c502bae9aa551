import type {
  JsonSchema,
  ApprovalRequest,
  Model,
  SessionCommand,
  SessionEvent,
  TurnOutcome,
} from '@subagent-mcp/contract'
import type { CodexModelSettings } from '../launch/choose-model.js'
import { createEndCommandsRequest, type CodexRequest } from './requests.js'
import {
  createNoticeEvent,
  zeroUsage,
  type UsageCount,
  createApprovalsWithdrawnEvents,
  type RpcStep,
} from '@subagent-mcp/driver-kit'
import { toReportedUsage } from './thread-usage.js'
import type { CodexThreadParams } from '../launch/thread-params.js'

/** The driver's state of one Codex session between two messages. Its thread changes with a reset. */
export type CodexConversation = {
  threadId: string
  /** The parameters with which the Codex threads of the session are started. */
  threadParams: CodexThreadParams
  models: readonly Model[]
  outputSchema: JsonSchema | undefined
  /** The model and effort of the next Codex turn, as far as they were set. */
  settings: CodexModelSettings
  /** Settings not yet sent for the Codex thread. They hold until changed; sending them with each turn costs Codex 9 ms. */
  unsentSettings: CodexModelSettings
  turn: CodexTurn | undefined
  /** The ended turns of the session's present Codex thread, oldest first. */
  past: readonly EndedCodexTurn[]
  /** The reset or rewind of the session that is not done yet. */
  forgetting: PendingCodexReset | undefined
  approvals: readonly OpenCodexApproval[]
  /** The total usage of the thread in Codex's newest report. */
  usedByThread: UsageCount | undefined
  /** When the exhausted limits of the account end, in Unix milliseconds. */
  limitEndsAt: number | undefined
  /** The progress of unloading the thread at the end of the session: `wanted` until its turn ends, `asked` until the server has done it. */
  leaving: 'no' | 'wanted' | 'asked' | 'left'
}

export type CodexTurn = {
  id: string
  /** The id of the message in a `turn/start` request that Codex has not answered. */
  starting: string | undefined
  /** The id that Codex gave the turn; undefined until Codex reports it. */
  codexId: string | undefined
  /** The id of the first of Codex's own turns, when late steering messages made this turn several of them. */
  firstCodexId: string | undefined
  /** Whether Codex has begun the turn. It refuses to interrupt one that has not begun. */
  begun: boolean
  interrupt: 'none' | 'wanted' | 'sent'
  steers: readonly SteeringMessage[]
  /** How Codex's own turn ended, while the answer to a steering message is missing. */
  outcome: TurnOutcome | undefined
  /** The last message of the model in this turn. */
  answer: string
  used: UsageCount
  retries: number
  /** The running file changes by the id of their Codex item, because an approval request names only that id. */
  changes: Readonly<Record<string, unknown>>
  /** The raw items that the turn added to the thread. Codex reports them for ephemeral threads only. */
  items: readonly unknown[]
}

/** An ended Codex turn, with what a rewind needs to forget it. A turn without an id from Codex left nothing to forget. */
export type EndedCodexTurn = { id: string; codexId: string | undefined; items: readonly unknown[] }

/** A reset or rewind of a Codex session. Its request is sent when the commands of the thread have ended. */
export type PendingCodexReset = {
  request: CodexRequest
  /** The raw items of earlier turns, which are injected into the new thread. */
  kept: readonly unknown[]
  /** The ended turns that remain after the reset or rewind. */
  past: readonly EndedCodexTurn[]
  /** Session commands that came during the reset or rewind; they are carried out after it. */
  held: readonly SessionCommand[]
}

/** A steering message to Codex: `held` until the turn has an id, `refused` when it came too late. */
export type SteeringMessage = {
  id: string
  text: string
  images: readonly string[]
  state: 'held' | 'sent' | 'refused'
}

/** An approval request of Codex without an answer, with the result that Codex expects for each decision. */
export type OpenCodexApproval = ApprovalRequest & { allow: unknown; deny: unknown }

/** The result of a command or a message: the next state, events for the owner, requests and replies for Codex. */
export type CodexStep = RpcStep<CodexConversation> & {
  calls: readonly CodexRequest[]
  /** The Codex thread whose commands end now. `onThreadCommandsEnded` continues when they have ended. */
  ending?: ThreadCommandsEnding
}

/** Asks to end the processes that the tools of a Codex thread left running, and with `goes` to unload the thread too. */
export type ThreadCommandsEnding = { threadId: string; thread: 'stays' | 'goes' }

/** The state with which a Codex session starts: its thread, models and settings. */
export type InitialCodexState = Pick<
  CodexConversation,
  'threadId' | 'threadParams' | 'models' | 'outputSchema' | 'settings'
>

export function createCodexConversation(beginning: InitialCodexState): CodexConversation {
  const { effort } = beginning.settings
  return {
    ...beginning,
    // The thread was started with the model.
    unsentSettings: effort === undefined ? {} : { effort },
    turn: undefined,
    past: [],
    forgetting: undefined,
    approvals: [],
    usedByThread: undefined,
    limitEndsAt: undefined,
    leaving: 'no',
  }
}

/** Creates a step that changes some fields of a Codex conversation, with the given effects. */
export function createCodexStep(
  conversation: CodexConversation,
  change: Partial<CodexConversation>,
  effects: Partial<Omit<CodexStep, 'conversation'>> = {},
): CodexStep {
  return { events: [], calls: [], replies: [], ...effects, conversation: { ...conversation, ...change } }
}

export function chainCodexSteps(
  first: CodexStep,
  next: (conversation: CodexConversation) => CodexStep,
): CodexStep {
  const second = next(first.conversation)
  return {
    ...first,
    ...second,
    events: [...first.events, ...second.events],
    calls: [...first.calls, ...second.calls],
    replies: [...first.replies, ...second.replies],
  }
}

/** Creates a step that only reports a notice to the owner of a Codex session. */
export function createCodexNoticeStep(conversation: CodexConversation, text: string): CodexStep {
  return createCodexStep(conversation, {}, { events: [createNoticeEvent(text)] })
}

type TurnEnd = { outcome: TurnOutcome; sessionEnds?: true }

/** Ends the running Codex turn. Open approval requests are withdrawn first; the commands of an interrupted turn end too. */
export function endCodexTurn(conversation: CodexConversation, turn: CodexTurn, end: TurnEnd): CodexStep {
  const { threadId, approvals } = conversation
  const used: SessionEvent = { type: 'usage-reported', turnId: turn.id, usage: toReportedUsage(turn.used) }
  const events: SessionEvent[] = [
    ...createApprovalsWithdrawnEvents(approvals),
    ...(turn.used === zeroUsage ? [] : [used]),
    { type: 'turn-ended', turnId: turn.id, ...end },
  ]
  const calls = end.outcome.type === 'interrupted' ? [createEndCommandsRequest(threadId)] : []
  const past = [...conversation.past, { id: turn.id, codexId: turn.firstCodexId, items: turn.items }]
  return createCodexStep(conversation, { turn: undefined, past, approvals: [] }, { events, calls })
}

/** Ends the prompts that wait for a reset or rewind of Codex which will not be done. */
export function endWaitingCodexPrompts(
  { forgetting }: CodexConversation,
  outcome: TurnOutcome,
): readonly SessionEvent[] {
  return (forgetting?.held ?? []).flatMap((command) =>
    command.type === 'prompt'
      ? [{ type: 'turn-ended', turnId: command.turnId, outcome, sessionEnds: true } as const]
      : [],
  )
}
