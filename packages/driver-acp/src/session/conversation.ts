import type { ApprovalRequest, Failure, SessionEvent, TurnOutcome, Usage } from '@subagent-mcp/contract'
import type { Choices } from './choices.js'
import type { Call } from './requests.js'
import type { Left } from './traces.js'
import type { PermissionOption } from './wire.js'

/** What we know of a session between two messages. */
export type Conversation = {
  sessionId: string
  choices: Choices
  turn: Turn | undefined
  questions: readonly Question[]
  /** A new session was asked for: it is not there yet, or the one before it is not put away. */
  resetting: boolean
  /** How many sessions it has had before this one. */
  resets: number
  /** The system prompt that goes before the next prompt: ACP has no other place for one. */
  preamble: string | undefined
  /** Dollars that the session has cost, as far as the agent says; missing for a loaded one until the agent says it. */
  cost: number | undefined
}

/** A prompt that has no end yet. */
export type Turn = {
  id: string
  /** It waits for the session that a reset has asked for, runs, or was cancelled. */
  phase: { type: 'waiting'; text: string } | { type: 'running' } | { type: 'cancelled' }
  /** The model's words since the last tool call. */
  message: string
  tools: Readonly<Record<string, 'running' | 'ended'>>
  /** The model was asked and has not begun to answer. */
  asksModel: boolean
  retries: number
  /** What its session had cost when the prompt went out. */
  costBefore: number | undefined
}

/** A permission request that waits for an answer. */
export type Question = ApprovalRequest & { callId: string; options: readonly PermissionOption[] }

/** What a command or a message leads to: events for the owner, requests and answers for the agent. */
export type Step = {
  conversation: Conversation
  events: readonly SessionEvent[]
  calls: readonly Call[]
  replies: readonly { requestId: string; result: unknown }[]
  /** A session to put away; `putAway` goes on when that is done. */
  left?: Left
  /** The session cannot go on. */
  fault?: Failure
}

/** What a step says and asks beside the change. */
export type Effects = Partial<Omit<Step, 'conversation'>>

/** A session that has said nothing yet. */
export function newConversation(sessionId: string, choices: Choices): Conversation {
  const { preamble } = choices
  const fresh = { turn: undefined, questions: [], resetting: false, resets: 0, cost: 0 }
  return { sessionId, choices, preamble, ...fresh }
}

/** The session of a conversation, as what is to be put away. */
export function leftBy({ sessionId, choices, resets }: Conversation): Left {
  return { sessionId, servers: choices.servers.length === 0 ? undefined : serversMark(choices, resets) }
}

/** What marks the servers of the session that comes after so many resets. */
export function serversMark({ mark }: Pick<Choices, 'mark'>, resets: number): string {
  return `${mark}.${resets}`
}

/** A step that changes what is named. */
export function step(conversation: Conversation, change: Partial<Conversation>, effects: Effects = {}): Step {
  return { conversation: { ...conversation, ...change }, events: [], calls: [], replies: [], ...effects }
}

/** The model's words up to here as a message; none when it has said nothing. */
export function messageOf({ message }: Turn): readonly SessionEvent[] {
  return message === '' ? [] : [{ type: 'message-ended', text: message }]
}

type TurnEnd = { outcome: TurnOutcome; usage?: Usage | undefined; sessionEnds?: true }

/** Ends the running turn; tools that run end with it, and questions that wait are taken back. */
export function endTurn(conversation: Conversation, turn: Turn, { usage, ...end }: TurnEnd): Step {
  const running = Object.keys(turn.tools).filter((id) => turn.tools[id] === 'running')
  return step(
    conversation,
    { turn: undefined, questions: [] },
    {
      events: [
        ...messageOf(turn),
        ...withdrawn(conversation),
        ...running.map((callId) => toolEnded(callId, { failed: true, output: 'the turn ended' })),
        ...(usage ? [{ type: 'usage-reported', turnId: turn.id, usage } as const] : []),
        { type: 'turn-ended', turnId: turn.id, ...end },
      ],
    },
  )
}

/** All questions that wait, as taken back. */
export function withdrawn({ questions }: Conversation): readonly SessionEvent[] {
  return questions.map(({ requestId }) => ({ type: 'approval-withdrawn', requestId }))
}

/** The end of a tool call. */
export function toolEnded(callId: string, end: { failed: boolean; output: string }): SessionEvent {
  return { type: 'tool-ended', callId, ...end }
}
