import { factNotes, type AgentMessage, type Fact } from '@subagent-mcp/core'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { formatCandidate } from '@subagent-mcp/routing'
import { formatAgentIdAndName, describeAgentFailure } from '../agent-lines.js'
import type { TextTone } from '../paint.js'
import { cutSafeLine } from '../text.js'
import { formatToolName } from '../questions/question-text.js'
import { formatShortPath } from '../format.js'
import {
  markTranscriptTurnBegun,
  type TranscriptEntry,
  type TranscriptStep,
  type TranscriptState,
} from './entry.js'

type RequestFact = Exclude<Fact, { type: 'session-event-received' }>

/** Returns the entries of a fact that is no session event: requests of callers, and actions of the supervisor. */
export function transcribeRequestFact(state: TranscriptState, fact: RequestFact): TranscriptStep {
  const { at } = fact
  const note = (text: string, tone: TextTone = 'dim'): TranscriptEntry => ({ type: 'note', at, text, tone })
  const said = ({ text, files = [] }: AgentMessage, how = ''): readonly TranscriptEntry[] => [
    note(`> ${how}${text}`, 'bold'),
    ...files.map(({ path }) => note(`attached ${revealInvisibleCharacters(path, 1_000)}`)),
  ]
  switch (fact.type) {
    case 'launch-requested':
      return [
        { ...state, waiting: 1 },
        note(launchText(fact, state.home)),
        ...fact.notes.map((text) => note(text)),
        ...said(fact.prompt),
      ]
    case 'slot-granted':
      return [markTranscriptTurnBegun(state, fact.at)]
    case 'session-opened':
      return [markTranscriptTurnBegun(state, fact.at), ...(fact.notes ?? []).map((text) => note(text))]
    case 'session-open-failed':
      return [state, note(`could not start: ${describeAgentFailure(fact.failure)}`, 'red')]
    case 'message-requested': {
      const isSteered = fact.steer && state.startedAt !== undefined
      const waiting = state.waiting + (isSteered ? 0 : 1)
      return [{ ...state, waiting }, ...said(fact.message, isSteered ? '(into the running turn) ' : '')]
    }
    case 'answer-requested':
      return [state, note(answerText(state, fact), 'yellow')]
    case 'turn-checked': {
      const { verdict } = fact
      return [
        state,
        verdict.passed
          ? note(`its result was checked: ${verdict.check.grade}`)
          : note(`its result failed the check: ${cutSafeLine(verdict.problem, longestReason)}`, 'yellow'),
      ]
    }
    case 'question-expired': {
      const tool = formatToolName(state.tools.get(fact.requestId) ?? 'it')
      return [state, note(`${tool} was denied: it was not answered in time`, 'yellow')]
    }
    default: {
      const text = factNotes[fact.type]
      return text === undefined ? [state] : [state, note(text)]
    }
  }
}

function launchText({ profile, route, at }: Fact & { type: 'launch-requested' }, home: string): string {
  const { category, cwd } = profile
  const day = new Date(at).toDateString()
  const who = cutSafeLine(formatCandidate(route.current), 80)
  return `${formatAgentIdAndName(profile)}: ${who} for ${category}, in ${cutSafeLine(formatShortPath(cwd, home), 200)}, ${day}`
}

function answerText({ tools }: TranscriptState, answer: Answer): string {
  const tool = formatToolName(tools.get(answer.requestId) ?? 'it')
  const reason =
    answer.reason === undefined ? '' : `: ${revealInvisibleCharacters(answer.reason, longestReason)}`
  return `${tool} ${answer.decision === 'allow' ? 'was allowed' : 'was denied'}${byWhom(answer)}${reason}`
}

const longestReason = 2_000

type Answer = Fact & { type: 'answer-requested' }

/** Names who answered a permission request; older versions recorded no name. */
function byWhom({ who, by }: Partial<Pick<Answer, 'who' | 'by'>>): string {
  return who === undefined ? '' : ` by ${revealInvisibleCharacters(who, 100)} (${by})`
}
