import type { Failure, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import { formatToolCallWithInput, type ToolCallRuling } from '@subagent-mcp/core'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { describeAgentFailure } from '../agent-lines.js'
import { formatLongTimeSpan, formatTurnUsage } from '../format.js'
import type { TextTone } from '../paint.js'
import { cutSafeLine } from '../text.js'
import {
  markTranscriptTurnEnded,
  type TranscriptEntry,
  type TranscriptStep,
  type TranscriptState,
} from './entry.js'

export function transcribeSessionEvent(
  state: TranscriptState,
  event: SessionEvent,
  at: number,
): TranscriptStep {
  const note = (text: string, tone: TextTone = 'dim'): TranscriptEntry => ({ type: 'note', at, text, tone })
  switch (event.type) {
    case 'session-identified': {
      const session = `session ${event.sessionId}${event.model === undefined ? '' : `, ${event.model}`}`
      // Some CLIs repeat this event at every turn.
      return session === state.session ? [state] : [{ ...state, session }, note(session)]
    }
    case 'text-delta':
      return [state, { type: 'said-part', text: event.text }]
    case 'message-ended':
      return [
        { ...state, hasSaid: true },
        { type: 'said', text: event.text },
      ]
    case 'tool-started':
    case 'tool-ended':
      return callEntries(state, event, at)
    case 'approval-requested':
      return [
        withTool(state, event.requestId, event.tool),
        note(
          `asks permission: ${revealInvisibleCharacters(formatToolCallWithInput(event), longestQuestion)}`,
          'yellow',
        ),
      ]
    case 'approval-withdrawn':
      return [state, note(`no longer asks for ${state.tools.get(event.requestId) ?? 'it'}`)]
    case 'usage-reported':
      return [{ ...state, usage: event.usage }]
    case 'turn-ended':
      return [
        markTranscriptTurnEnded(state, at),
        ...unsaid(state, event.outcome),
        turnEnd(state, event.outcome, at),
      ]
    default:
      return [state, ...asideText(event).map(([text, tone]) => note(text, tone))]
  }
}

/** Returns the entry of a permission that the policy answered: none if it allowed the call. */
export function transcribePolicyAnswer(
  state: TranscriptState,
  {
    event,
    ruling,
    at,
  }: { event: SessionEvent & { type: 'approval-requested' }; ruling: ToolCallRuling; at: number },
): TranscriptStep {
  if (ruling.verdict !== 'deny') return [state]
  const text = `denied by ${revealInvisibleCharacters(ruling.by, longestCall)}: ${revealInvisibleCharacters(formatToolCallWithInput(event), longestQuestion)}`
  return [state, { type: 'note', at, text, tone: 'dim' }]
}

const longestCall = 300
const longestQuestion = 2_000

function callEntries(
  state: TranscriptState,
  event: SessionEvent & { type: 'tool-started' | 'tool-ended' },
  at: number,
): TranscriptStep {
  const { callId } = event
  if (event.type === 'tool-started') {
    const call = cutSafeLine(formatToolCallWithInput(event), longestCall)
    return [withTool(state, callId, event.tool), { type: 'call-started', at, callId, call }]
  }
  const tool = state.tools.get(callId) ?? 'a tool'
  const problem = event.failed ? { problem: cutSafeLine(event.output, longestCall) } : {}
  return [state, { type: 'call-ended', at, callId, tool, ...problem }]
}

function withTool(state: TranscriptState, id: string, tool: string): TranscriptState {
  return { ...state, tools: new Map([...state.tools, [id, tool]]) }
}

/** Returns the transcript notes of session events on which no later entry depends. */
function asideText(event: SessionEvent): [text: string, tone: TextTone][] {
  switch (event.type) {
    case 'retry-announced':
      return [
        [`try ${event.attempt} of ${event.maxAttempts}: ${describeAgentFailure(event.failure)}`, 'yellow'],
      ]
    case 'limits-reported':
      return event.limits
        .filter(({ exhausted }) => exhausted)
        .map(({ name, resetsAt }) => [`the limit ${name} is used up${untilText(resetsAt)}`, 'yellow'])
    case 'notice':
      return [[event.text, 'dim']]
    case 'session-closed':
      return [
        event.failure
          ? [`the session ended: ${describeAgentFailure(event.failure)}`, 'red']
          : ['the session is closed', 'dim'],
      ]
    default:
      return []
  }
}

function untilText(resetsAt: number | undefined): string {
  return resetsAt === undefined ? '' : ` until ${new Date(resetsAt).toLocaleString('en-GB')}`
}

/** Returns the answer of a turn in which the model wrote no message. */
function unsaid({ hasSaid }: TranscriptState, outcome: TurnOutcome): TranscriptEntry[] {
  return outcome.type === 'completed' && !hasSaid && outcome.answer !== ''
    ? [{ type: 'said', text: outcome.answer }]
    : []
}

function turnEnd({ startedAt, usage }: TranscriptState, outcome: TurnOutcome, at: number): TranscriptEntry {
  const span = startedAt === undefined ? '' : formatLongTimeSpan(at - startedAt)
  const took = [span && `after ${span}`, usage ? formatTurnUsage(usage) : ''].filter(Boolean).join(', ')
  const ended = (word: string): string => `the turn ${word}${took && ` ${took}`}`
  switch (outcome.type) {
    case 'completed':
      return { type: 'turn-ended', at, text: ended('finished'), tone: 'dim' }
    case 'interrupted':
      return { type: 'turn-ended', at, text: ended('was interrupted'), tone: 'red' }
    case 'failed':
      return {
        type: 'turn-ended',
        at,
        text: `${ended('failed')}: ${wholeFailure(outcome.failure)}`,
        tone: 'red',
      }
  }
}

function wholeFailure(failure: Failure): string {
  const { stderrTail } = failure
  return stderrTail ? `${describeAgentFailure(failure)}\n${stderrTail}` : describeAgentFailure(failure)
}
