import type { Failure } from '@subagent-mcp/contract'
import type { JsonRpcAnswer } from '@subagent-mcp/driver-kit'
import { classifyRefusal } from './classify.js'
import {
  andThen,
  endTurn,
  endWaiting,
  step,
  type Conversation,
  type Step,
  type Turn,
} from './conversation.js'
import { encode } from './encode.js'
import { leaveThread, type Call } from './requests.js'
import { identified, settle } from './settle.js'
import { readThread } from './read-thread.js'
import { LeaveAnswer, TurnAnswer } from './wire.js'

/** What the answer to a request of ours leads to. One that did not come in time ends the session. */
export function answered(conversation: Conversation, call: Call, answer: JsonRpcAnswer): Step {
  if (answer.type === 'timed-out') {
    const fault = classifyRefusal(`answer ${call.method}`, answer)
    return call.method === 'thread/start'
      ? resetFailed(conversation, fault)
      : step(conversation, {}, { fault })
  }
  const { turn } = conversation
  switch (call.method) {
    case 'turn/start':
      if (turn?.starting !== call.params.clientUserMessageId) return step(conversation, {})
      return started(conversation, { ...turn, starting: undefined }, answer)
    case 'turn/steer':
      return turn === undefined
        ? step(conversation, {})
        : steered(conversation, turn, call.params.clientUserMessageId, answer)
    case 'thread/start':
      return hasReset(conversation, answer)
    case 'thread/unsubscribe':
      return step(
        conversation,
        wasAway(answer) && conversation.leaving === 'asked' ? { leaving: 'left' } : {},
      )
    case 'turn/interrupt':
    case 'thread/backgroundTerminals/clean':
      // The end of the turn is told on its own; a refusal means that there is nothing to end.
      return step(conversation, {})
  }
}

/** The server had put the thread away by itself; else it says so when it has. */
function wasAway(answer: Answer): boolean {
  return answer.type === 'result' && LeaveAnswer.safeParse(answer.result).data?.status !== 'unsubscribed'
}

type Answer = Exclude<JsonRpcAnswer, { type: 'timed-out' }>

function started(conversation: Conversation, turn: Turn, answer: Answer): Step {
  if (answer.type === 'result') {
    const { data } = TurnAnswer.safeParse(answer.result)
    const isNew = data !== undefined && turn.codexId === undefined
    return isNew ? identified(conversation, turn, data.turn.id) : step(conversation, { turn })
  }
  // The process is gone, and so is the session: its end tells why.
  if (answer.type === 'lost') return step(conversation, {})
  return endTurn(conversation, turn, {
    outcome: { type: 'failed', failure: classifyRefusal('start a turn', answer) },
  })
}

function steered(conversation: Conversation, turn: Turn, id: string, answer: Answer): Step {
  const steers = turn.steers.flatMap((steer) => {
    if (steer.id !== id) return [steer]
    return answer.type === 'result' ? [] : [{ ...steer, state: 'refused' as const }]
  })
  return settle(conversation, { ...turn, steers })
}

/** The new thread takes over; what was told meanwhile is for it. Without it one task would go on in the other's. */
function hasReset(conversation: Conversation, answer: Answer): Step {
  const read = readThread('start a new thread', answer)
  if ('failure' in read) return resetFailed(conversation, read.failure)
  const { threadId, model } = read
  const reset = step(
    conversation,
    { threadId, afterReset: undefined, spent: undefined, untold: conversation.settings },
    {
      events: [{ type: 'session-identified', sessionId: threadId, model }],
      calls: [leaveThread(conversation.threadId)],
    },
  )
  return (conversation.afterReset ?? []).reduce(
    (done, command) => andThen(done, (next) => encode(next, command)),
    reset,
  )
}

/** The session cannot go on, and neither can what was asked of the thread that did not come. */
function resetFailed(conversation: Conversation, fault: Failure): Step {
  const events = endWaiting(conversation, { type: 'failed', failure: fault })
  return step(conversation, { afterReset: undefined }, { events, fault })
}
