import type {
  Effort,
  Failure,
  Model,
  SessionCommand,
  SessionEvent,
  TurnOutcome,
} from '@subagent-mcp/contract'
import type { JsonRpcAnswer } from '@subagent-mcp/driver-kit'
import { answered } from './read-answer.js'
import { andThen, type Conversation, type Ending, type Reply, type Step } from './conversation.js'
import { encode } from './encode.js'
import { left } from './forgotten.js'
import { leave, leaveIfIdle } from './leave.js'
import { readQuestion } from './questions.js'
import { blank } from '../recordings.test.support.js'
import type { Call } from './requests.js'
import { translate } from './translate.js'

const efforts: readonly Effort[] = ['low', 'high']
const models: readonly Model[] = [
  { id: 'gpt-9-sol', aliases: ['gpt'], efforts },
  { id: 'gpt-8-luna', aliases: ['gpt-luna'], efforts: ['low'] },
]

/** A conversation by hand, from its beginning: what it leads to is gathered. */
export function talk(from: Partial<Conversation> = {}) {
  let conversation: Conversation = { ...blank, threadId: 'thread', models, ...from }
  const [events, calls, replies]: [SessionEvent[], Call[], Reply[]] = [[], [], []]
  const endings: Ending[] = []
  const faults: string[] = []
  const take = (given: Step) => {
    const taken = andThen(given, leaveIfIdle)
    conversation = taken.conversation
    events.push(...taken.events)
    calls.push(...taken.calls)
    replies.push(...taken.replies)
    if (taken.ending) endings.push(taken.ending)
    if (taken.fault) faults.push(taken.fault.reason)
  }
  const now = () => conversation
  return {
    ...{ now, events, calls, replies, endings, faults },
    tell: (command: SessionCommand) => take(encode(conversation, command)),
    leave: () => take(leave(conversation)),
    left: (failure?: Failure) => take(left(conversation, failure)),
    hear: (method: string, params: unknown = {}) => take(translate(conversation, { method, params })),
    asked: (method: string, params: unknown) => {
      const read = readQuestion(conversation, { id: 7, method, params })
      if (read) take(read)
      return read !== undefined
    },
    /** Answers the oldest request of this kind that was not answered. */
    answer: (method: Call['method'], answer: JsonRpcAnswer) => {
      const index = calls.findIndex((call) => call.method === method)
      for (const call of calls.splice(index, 1)) take(answered(conversation, call, answer))
    },
    sent: () => calls.map(({ method }) => method),
    outcomes: (): TurnOutcome[] =>
      events.flatMap((event) => (event.type === 'turn-ended' ? [event.outcome] : [])),
    notices: () => events.flatMap((event) => (event.type === 'notice' ? [event.text] : [])),
  }
}

/** What a server says and answers most often. */
export const said = {
  turn: (status = 'inProgress') => ({ turn: { id: 'c1', status } }),
  accepted: { type: 'result', result: { turn: { id: 'c1' } } },
  refused: { type: 'error', code: -32600, message: 'no active turn' },
  late: { type: 'timed-out' },
} as const
