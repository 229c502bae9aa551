import type { Usage } from '@subagent-mcp/contract'
import type { Tone } from '../paint.js'

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
