import type { Fact } from '@subagent-mcp/core'
import { visibleText } from '@subagent-mcp/mcp-server'
import { candidateName } from '@subagent-mcp/routing'
import { agentHead, failureText } from '../agent-lines.js'
import type { Tone } from '../paint.js'
import { oneLine } from '../text.js'
import { toolText } from '../questions/question-text.js'
import { shortPath } from '../short-path.js'
import { beginTurn } from './turn-span.js'
import type { Passage, Transcript, Told } from './entry.js'

type OrderFact = Exclude<Fact, { type: 'session-event-received' }>

/** Tells what callers asked of an agent, and what the supervisor did about it. */
export function tellOrder(transcript: Transcript, fact: OrderFact): Told {
  const note = (text: string, tone: Tone = 'dim'): Passage => ({ type: 'note', at: fact.at, text, tone })
  switch (fact.type) {
    case 'launch-requested':
      return [
        { ...transcript, waiting: 1 },
        note(launchText(fact, transcript.home)),
        ...fact.notes.map((text) => note(text)),
        note(`> ${fact.prompt.text}`, 'bold'),
      ]
    case 'slot-granted':
      return [beginTurn(transcript, fact.at)]
    case 'session-opened':
      return [beginTurn(transcript, fact.at), ...(fact.notes ?? []).map((text) => note(text))]
    case 'session-open-failed':
      return [transcript, note(`could not start: ${failureText(fact.failure)}`, 'red')]
    case 'message-requested': {
      const isSteered = fact.steer && transcript.startedAt !== undefined
      const text = `> ${isSteered ? '(into the running turn) ' : ''}${fact.message.text}`
      return [{ ...transcript, waiting: transcript.waiting + (isSteered ? 0 : 1) }, note(text, 'bold')]
    }
    case 'answer-requested':
      return [transcript, note(answerText(transcript, fact), 'yellow')]
    case 'question-expired': {
      const tool = toolText(transcript.tools.get(fact.requestId) ?? 'it')
      return [transcript, note(`${tool} was denied: nobody answered in time`, 'yellow')]
    }
    default: {
      const text = deeds[fact.type]
      return text === undefined ? [transcript] : [transcript, note(text)]
    }
  }
}

/** What is told of the facts that say nothing but their kind. */
const deeds: Partial<Record<OrderFact['type'], string>> = {
  'interrupt-requested': 'told to end its turn',
  'stop-requested': 'killed',
  'shutdown-requested': 'the daemon ends, and the agent with it',
  'release-requested': 'handed back to its own CLI',
  'idle-expired': 'nobody spoke to it: its session gives its memory back; a message opens it again',
  recovered: 'the daemon that ran it is gone, and what it was doing with it',
}

function launchText({ profile, route, at }: Fact & { type: 'launch-requested' }, home: string): string {
  const { category, cwd } = profile
  const day = new Date(at).toDateString()
  const who = oneLine(candidateName(route.current), 80)
  return `${agentHead(profile)}: ${who} for ${category}, in ${oneLine(shortPath(cwd, home), 200)}, ${day}`
}

function answerText({ tools }: Transcript, answer: Answer): string {
  const tool = toolText(tools.get(answer.requestId) ?? 'it')
  const reason = answer.reason === undefined ? '' : `: ${visibleText(answer.reason, longestReason)}`
  return `${tool} ${answer.decision === 'allow' ? 'was allowed' : 'was denied'}${byWhom(answer)}${reason}`
}

const longestReason = 2_000

type Answer = Fact & { type: 'answer-requested' }

/** Older versions kept no name. */
function byWhom({ who, by }: Partial<Pick<Answer, 'who' | 'by'>>): string {
  return who === undefined ? '' : ` by ${visibleText(who, 100)} (${by})`
}
