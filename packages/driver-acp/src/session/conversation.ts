import type { ApprovalRequest, SessionEvent, TurnOutcome, TurnUsage } from '@subagent-mcp/contract'
import { createApprovalsWithdrawnEvents, type MessageImage, type RpcStep } from '@subagent-mcp/driver-kit'
import type { AcpSessionChoices } from './choices.js'
import type { AcpRequest } from './requests.js'
import type { ReplacedAcpSession } from './session-cleaner.js'
import type { PermissionOption } from './wire.js'

export type AcpConversation = {
  sessionId: string
  choices: AcpSessionChoices
  turn: AcpTurn | undefined
  approvals: readonly OpenAcpPermission[]
  /** Whether a reset is not done: the new session is not open, or the old one is not closed. */
  resetting: boolean
  /** The number of sessions that the conversation had before this one. */
  resets: number
  /** The system prompt, which goes before the next prompt, because ACP has no other place for it. */
  preamble: string | undefined
  /** The total cost of the ACP session in US dollars. Missing for a loaded session until the agent reports it. */
  cost: number | undefined
}

export type AcpTurn = {
  id: string
  /** `waiting`: the prompt waits for the new session of a reset. `cancelled`: the agent has not yet ended the cancelled turn. */
  phase:
    | { type: 'waiting'; text: string; images: readonly MessageImage[] }
    | { type: 'running' }
    | { type: 'cancelled' }
  /** The model's text in this turn since its last tool call. */
  message: string
  tools: Readonly<Record<string, 'running' | 'ended'>>
  /** Whether the agent waits for its model, whose answer has not begun. */
  asksModel: boolean
  retries: number
  costBefore: number | undefined
}

/** A permission request of the ACP agent that has no answer yet. */
export type OpenAcpPermission = ApprovalRequest & { callId: string; options: readonly PermissionOption[] }

/** The result of a command or a message: the next state, events for the owner, requests and replies for the ACP agent. */
export type AcpStep = RpcStep<AcpConversation> & {
  calls: readonly AcpRequest[]
  /** The ACP session that a reset replaces. It is closed, then `finishAcpReset` continues. */
  left?: ReplacedAcpSession
}

export function createAcpConversation(sessionId: string, choices: AcpSessionChoices): AcpConversation {
  const { preamble } = choices
  const fresh = { turn: undefined, approvals: [], resetting: false, resets: 0, cost: 0 }
  return { sessionId, choices, preamble, ...fresh }
}

export function getCurrentAcpSession({ sessionId, choices, resets }: AcpConversation): ReplacedAcpSession {
  return {
    sessionId,
    servers: choices.servers.length === 0 ? undefined : formatMcpServerMark(choices, resets),
  }
}

export function formatMcpServerMark({ mark }: Pick<AcpSessionChoices, 'mark'>, resets: number): string {
  return `${mark}.${resets}`
}

/** Creates a step that changes some fields of an ACP conversation, with the given effects. */
export function createAcpStep(
  conversation: AcpConversation,
  change: Partial<AcpConversation>,
  effects: Partial<Omit<AcpStep, 'conversation'>> = {},
): AcpStep {
  return { conversation: { ...conversation, ...change }, events: [], calls: [], replies: [], ...effects }
}

/** Reports the model's text since its last tool call as a message; no event without text. */
export function createModelTextEvents({ message }: AcpTurn): readonly SessionEvent[] {
  return message === '' ? [] : [{ type: 'message-ended', text: message }]
}

type TurnEnd = { outcome: TurnOutcome; usage?: TurnUsage | undefined; sessionEnds?: true }

/** Ends the running turn. Its running tools end as failed, and its open approval requests are withdrawn. */
export function endAcpTurn(
  conversation: AcpConversation,
  turn: AcpTurn,
  { usage, ...end }: TurnEnd,
): AcpStep {
  const running = Object.keys(turn.tools).filter((id) => turn.tools[id] === 'running')
  return createAcpStep(
    conversation,
    { turn: undefined, approvals: [] },
    {
      events: [
        ...createModelTextEvents(turn),
        ...createApprovalsWithdrawnEvents(conversation.approvals),
        ...running.map((callId) => createToolEndedEvent(callId, { failed: true, output: 'the turn ended' })),
        ...(usage ? [{ type: 'usage-reported', turnId: turn.id, usage } as const] : []),
        { type: 'turn-ended', turnId: turn.id, ...end },
      ],
    },
  )
}

export function createToolEndedEvent(callId: string, end: { failed: boolean; output: string }): SessionEvent {
  return { type: 'tool-ended', callId, ...end }
}
