import type { TurnUsage } from '@subagent-mcp/contract'
import type { TextTone } from '../paint.js'

/** One entry of an agent's transcript for a person. Texts of the model are unchanged: a printer makes them safe for the terminal. */
export type TranscriptEntry =
  /** A note of one or more lines, or the end of a turn. */
  | { type: 'note' | 'turn-ended'; at: number; text: string; tone: TextTone }
  /** A piece of the text that the model is writing; the whole text follows as `said`. */
  | { type: 'said-part'; text: string }
  | { type: 'said'; text: string }
  | { type: 'call-started'; at: number; callId: string; call: string }
  /** The end of a tool call; `problem` is present when it failed. */
  | { type: 'call-ended'; at: number; callId: string; tool: string; problem?: string }

/** The parts of earlier facts on which later entries of a transcript depend. */
export type TranscriptState = {
  home: string
  /** The number of messages to the agent whose turns have not begun. */
  waiting: number
  /** When the running turn began, in Unix milliseconds. */
  startedAt?: number
  /** Whether the model has written something in the turn. */
  hasSaid: boolean
  usage?: TurnUsage
  /** The newest note about the agent's session: its id and its model, such as `session 7f3a, opus`. */
  session?: string
  /** Names of tools by the id of their call, or of the permission request for it. */
  tools: ReadonlyMap<string, string>
}

/** The state of a transcript after a fact, and the entries of that fact. */
export type TranscriptStep = readonly [TranscriptState, ...TranscriptEntry[]]

/** Returns the state before the first fact; `home` is the user's home folder. */
export function createEmptyTranscript(home: string): TranscriptState {
  return { home, waiting: 0, hasSaid: false, tools: new Map() }
}

/** Returns the state of the transcript when a turn begins, or continues on another session. */
export function markTranscriptTurnBegun(state: TranscriptState, at: number): TranscriptState {
  const isFirst = state.startedAt === undefined
  const waiting = isFirst ? Math.max(0, state.waiting - 1) : state.waiting
  const { usage: _, ...rest } = state
  return { ...rest, waiting, startedAt: at, hasSaid: false }
}

/** Returns the state of the transcript when a turn has ended. The next turn begins immediately if a message waits. */
export function markTranscriptTurnEnded(
  { startedAt: _, ...rest }: TranscriptState,
  at: number,
): TranscriptState {
  return rest.waiting > 0 ? markTranscriptTurnBegun(rest, at) : rest
}
