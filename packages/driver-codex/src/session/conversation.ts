import type {
  ApprovalRequest,
  Failure,
  Model,
  SessionCommand,
  SessionEvent,
  TurnOutcome,
} from '@subagent-mcp/contract'
import type { ModelSettings } from '../launch/choose-model.js'
import { cleanTerminals, type Call } from './requests.js'
import { nothingSpent, usageOf, type Spending } from './spending.js'
import type { ThreadParams } from '../launch/thread-params.js'

/** What we know of a session between two messages. Its thread changes with a reset. */
export type Conversation = {
  threadId: string
  /** How its threads are started. */
  threadParams: ThreadParams
  models: readonly Model[]
  /** What the next turn runs on, as far as we were told. */
  settings: ModelSettings
  /** What of it the thread was not told yet. Said once it holds: said with each turn it costs Codex some 9 ms. */
  untold: ModelSettings
  turn: Turn | undefined
  /** The turns of its thread that we know of, oldest first. */
  past: readonly PastTurn[]
  /** The reset or rewind that is under way. */
  forgetting: Forgetting | undefined
  approvals: readonly Approval[]
  /** What the thread had used when it last said so. */
  spent: Spending | undefined
  /** Unix milliseconds at which the limits end that are exhausted. */
  limitEndsAt: number | undefined
  /** How far the session has come in leaving its thread: it waits for the end of the turn, then for the server. */
  leaving: 'no' | 'wanted' | 'asked' | 'left'
}

/** A prompt that has no end yet. */
export type Turn = {
  id: string
  /** Our message that a turn of Codex's was asked for with and that has no answer yet. */
  starting: string | undefined
  /** Codex's own id of the turn. */
  codexId: string | undefined
  /** Its id of the first, where late messages made it several. */
  firstCodexId: string | undefined
  /** Before it has begun, Codex knows of no turn to interrupt. */
  begun: boolean
  interrupt: 'none' | 'wanted' | 'sent'
  steers: readonly Steer[]
  /** How Codex's turn ended, while a steering message has no answer. */
  outcome: TurnOutcome | undefined
  /** What the model said last. */
  answer: string
  used: Spending
  retries: number
  /** The file changes under way, by their item: a question about one does not say what it is. */
  changes: Readonly<Record<string, unknown>>
  /** What it added to the conversation, in the model's words; told of ephemeral threads only. */
  items: readonly unknown[]
}

/** A turn that has ended, by what it takes to forget it. One without Codex's id left no trace. */
export type PastTurn = { id: string; codexId: string | undefined; items: readonly unknown[] }

/** A reset or rewind: what runs in the thread ends first, then the request goes out that makes it forget. */
export type Forgetting = {
  request: Call
  /** What goes into the new thread, as it is kept. */
  kept: readonly unknown[]
  /** What the past is afterwards. */
  past: readonly PastTurn[]
  /** What was told meanwhile. */
  held: readonly SessionCommand[]
}

/** A message into a turn: `held` until the turn has an id, `refused` when it came too late. */
export type Steer = { id: string; text: string; state: 'held' | 'sent' | 'refused' }

/** A question that waits, and what each answer is in the protocol's words. */
export type Approval = ApprovalRequest & { allow: unknown; deny: unknown }

/** What a command or a message leads to: events for the owner, requests and replies for the CLI. */
export type Step = {
  conversation: Conversation
  events: readonly SessionEvent[]
  calls: readonly Call[]
  replies: readonly Reply[]
  /** What is to end in a thread; `left` takes it from there. */
  ending?: Ending
  /** Why the session cannot go on. */
  fault?: Failure
}

/** The processes that a thread's tools left running, and the thread itself where it goes. */
export type Ending = { threadId: string; thread: 'stays' | 'goes' }

/** An answer to what the CLI asked. */
export type Reply = { requestId: string; result: unknown }

/** What a session is from its beginning. */
export type Beginning = Pick<Conversation, 'threadId' | 'threadParams' | 'models' | 'settings'>

/** A session that has said nothing yet. */
export function newConversation(beginning: Beginning): Conversation {
  const { effort } = beginning.settings
  return {
    ...beginning,
    // The thread was started with its model.
    untold: effort === undefined ? {} : { effort },
    turn: undefined,
    past: [],
    forgetting: undefined,
    approvals: [],
    spent: undefined,
    limitEndsAt: undefined,
    leaving: 'no',
  }
}

/** A step that changes what is named, and leads to what is listed. */
export function step(
  conversation: Conversation,
  change: Partial<Conversation>,
  effects: Partial<Omit<Step, 'conversation'>> = {},
): Step {
  return { events: [], calls: [], replies: [], ...effects, conversation: { ...conversation, ...change } }
}

/** One step after another. */
export function andThen(first: Step, next: (conversation: Conversation) => Step): Step {
  const second = next(first.conversation)
  return {
    ...first,
    ...second,
    events: [...first.events, ...second.events],
    calls: [...first.calls, ...second.calls],
    replies: [...first.replies, ...second.replies],
  }
}

/** Something worth saying, and nothing else. */
export function notice(conversation: Conversation, text: string): Step {
  return step(conversation, {}, { events: [{ type: 'notice', text }] })
}

/** How a turn ends, and whether its session ends with it. */
type TurnEnd = { outcome: TurnOutcome; sessionEnds?: true }

/** Ends the running turn; questions that still wait are taken back first, and its commands end with an interrupt. */
export function endTurn(conversation: Conversation, turn: Turn, end: TurnEnd): Step {
  const { threadId, approvals } = conversation
  const withdrawn = approvals.map(({ requestId }): SessionEvent => ({
    type: 'approval-withdrawn',
    requestId,
  }))
  const used: SessionEvent = { type: 'usage-reported', turnId: turn.id, usage: usageOf(turn.used) }
  const events: SessionEvent[] = [
    ...withdrawn,
    ...(turn.used === nothingSpent ? [] : [used]),
    { type: 'turn-ended', turnId: turn.id, ...end },
  ]
  const calls = end.outcome.type === 'interrupted' ? [cleanTerminals(threadId)] : []
  const past = [...conversation.past, { id: turn.id, codexId: turn.firstCodexId, items: turn.items }]
  return step(conversation, { turn: undefined, past, approvals: [] }, { events, calls })
}

/** The ends of the prompts that wait for a reset or rewind, which does not come any more. */
export function endWaiting({ forgetting }: Conversation, outcome: TurnOutcome): readonly SessionEvent[] {
  return (forgetting?.held ?? []).flatMap((command) =>
    command.type === 'prompt'
      ? [{ type: 'turn-ended', turnId: command.turnId, outcome, sessionEnds: true } as const]
      : [],
  )
}
