import type { Usage } from '@subagent-mcp/contract'
import { isSettled, type Fact } from '@subagent-mcp/core'
import type { Tone } from './paint.js'
import { tellEvent, tellRuled } from './tell-event.js'
import { tellOrder } from './tell-order.js'

/** What a reader gets to see of a fact. Texts are as the model gave them: whoever shows them makes them safe. */
export type Passage =
  /** A line about what happened, or several. */
  | { type: 'note' | 'turn-ended'; at: number; text: string; tone: Tone }
  /** A piece of what the model is writing; the whole follows as `said`. */
  | { type: 'said-part'; text: string }
  | { type: 'said'; text: string }
  | { type: 'call-started'; at: number; callId: string; call: string }
  /** `problem` is there when it failed. */
  | { type: 'call-ended'; at: number; callId: string; tool: string; problem?: string }

/** What must be remembered of earlier facts to tell the next ones. */
export type Transcript = {
  home: string
  /** Messages that have had no turn yet. */
  waiting: number
  /** When the turn began that runs, whether something was said in it, and what it took. */
  startedAt?: number
  hasSaid: boolean
  usage?: Usage
  /** The session that the agent is in, in words. */
  session?: string
  /** Tools by the id of their call, or of the question whether they may be used. */
  tools: ReadonlyMap<string, string>
}

/** What is remembered then, and what is told of a fact. */
export type Told = readonly [Transcript, ...Passage[]]

/** Before the first fact; `home` is the user's home folder. */
export function emptyTranscript(home: string): Transcript {
  return { home, waiting: 0, hasSaid: false, tools: new Map() }
}

/** Tells a fact about one agent: facts go in, in order; what a person reads comes out. */
export function tellFact(transcript: Transcript, fact: Fact): Told {
  if (fact.type !== 'session-event-received') return tellOrder(transcript, fact)
  const { event, ruling, at } = fact
  return event.type === 'approval-requested' && isSettled(ruling)
    ? tellRuled(transcript, { event, ruling, at })
    : tellEvent(transcript, event, at)
}
