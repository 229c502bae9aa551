import type { Failure, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import { describeCall, type Ruling } from '@subagent-mcp/core'
import { visibleText } from '@subagent-mcp/mcp-server'
import { failureText } from '../agent-lines.js'
import { longSpan, usageText } from '../format.js'
import type { Tone } from '../paint.js'
import { oneLine } from '../text.js'
import { endTurn } from './turn-span.js'
import type { Passage, Transcript, Told } from './entry.js'

/** Tells what came of an agent's session. */
export function tellEvent(transcript: Transcript, event: SessionEvent, at: number): Told {
  const note = (text: string, tone: Tone = 'dim'): Passage => ({ type: 'note', at, text, tone })
  switch (event.type) {
    case 'session-identified': {
      const session = `session ${event.sessionId}${event.model === undefined ? '' : `, ${event.model}`}`
      // Some CLIs say it again at every turn.
      return session === transcript.session ? [transcript] : [{ ...transcript, session }, note(session)]
    }
    case 'text-delta':
      return [transcript, { type: 'said-part', text: event.text }]
    case 'message-ended':
      return [
        { ...transcript, hasSaid: true },
        { type: 'said', text: event.text },
      ]
    case 'tool-started':
    case 'tool-ended':
      return tellCall(transcript, event, at)
    case 'approval-requested':
      return [
        withTool(transcript, event.requestId, event.tool),
        note(`asks permission: ${visibleText(describeCall(event), longestQuestion)}`, 'yellow'),
      ]
    case 'approval-withdrawn':
      return [transcript, note(`no longer asks for ${transcript.tools.get(event.requestId) ?? 'it'}`)]
    case 'usage-reported':
      return [{ ...transcript, usage: event.usage }]
    case 'turn-ended':
      return [
        endTurn(transcript, at),
        ...unsaid(transcript, event.outcome),
        turnEnd(transcript, event.outcome, at),
      ]
    default:
      return [transcript, ...asideText(event).map(([text, tone]) => note(text, tone))]
  }
}

/** Tells what came of a call that the policy answered at once: nothing where it let it pass. */
export function tellRuled(
  transcript: Transcript,
  { event, ruling, at }: { event: SessionEvent & { type: 'approval-requested' }; ruling: Ruling; at: number },
): Told {
  if (ruling.verdict !== 'deny') return [transcript]
  const text = `denied by ${visibleText(ruling.by, longestCall)}: ${visibleText(describeCall(event), longestQuestion)}`
  return [transcript, { type: 'note', at, text, tone: 'dim' }]
}

const longestCall = 300
const longestQuestion = 2_000

function tellCall(
  transcript: Transcript,
  event: SessionEvent & { type: 'tool-started' | 'tool-ended' },
  at: number,
): Told {
  const { callId } = event
  if (event.type === 'tool-started') {
    const call = oneLine(describeCall(event), longestCall)
    return [withTool(transcript, callId, event.tool), { type: 'call-started', at, callId, call }]
  }
  const tool = transcript.tools.get(callId) ?? 'a tool'
  const problem = event.failed ? { problem: oneLine(event.output, longestCall) } : {}
  return [transcript, { type: 'call-ended', at, callId, tool, ...problem }]
}

function withTool(transcript: Transcript, id: string, tool: string): Transcript {
  return { ...transcript, tools: new Map([...transcript.tools, [id, tool]]) }
}

/** Events that leave nothing to be remembered. */
function asideText(event: SessionEvent): [text: string, tone: Tone][] {
  switch (event.type) {
    case 'retry-announced':
      return [[`try ${event.attempt} of ${event.maxAttempts}: ${failureText(event.failure)}`, 'yellow']]
    case 'limits-reported':
      return event.limits
        .filter(({ exhausted }) => exhausted)
        .map(({ name, resetsAt }) => [`the limit ${name} is used up${untilText(resetsAt)}`, 'yellow'])
    case 'notice':
      return [[event.text, 'dim']]
    case 'session-closed':
      return [
        event.failure
          ? [`the session ended: ${failureText(event.failure)}`, 'red']
          : ['the session is closed', 'dim'],
      ]
    default:
      return []
  }
}

function untilText(resetsAt: number | undefined): string {
  return resetsAt === undefined ? '' : ` until ${new Date(resetsAt).toLocaleString('en-GB')}`
}

/** The answer of a turn in which no message came. */
function unsaid({ hasSaid }: Transcript, outcome: TurnOutcome): Passage[] {
  return outcome.type === 'completed' && !hasSaid && outcome.answer !== ''
    ? [{ type: 'said', text: outcome.answer }]
    : []
}

function turnEnd({ startedAt, usage }: Transcript, outcome: TurnOutcome, at: number): Passage {
  const span = startedAt === undefined ? '' : longSpan(at - startedAt)
  const took = [span && `after ${span}`, usage ? usageText(usage) : ''].filter(Boolean).join(', ')
  const ended = (word: string): string => `the turn ${word}${took && ` ${took}`}`
  switch (outcome.type) {
    case 'completed':
      return { type: 'turn-ended', at, text: ended('finished'), tone: 'dim' }
    case 'interrupted':
      return { type: 'turn-ended', at, text: ended('was interrupted'), tone: 'red' }
    case 'failed':
      return { type: 'turn-ended', at, text: `${ended('failed')}: ${whole(outcome.failure)}`, tone: 'red' }
  }
}

function whole(failure: Failure): string {
  const { stderrTail } = failure
  return stderrTail ? `${failureText(failure)}\n${stderrTail}` : failureText(failure)
}
