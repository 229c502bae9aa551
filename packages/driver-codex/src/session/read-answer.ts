import type { JsonRpcAnswer } from '@subagent-mcp/driver-kit'
import { classifyRefusal } from '../classify.js'
import { endTurn, step, type Conversation, type Step, type Turn } from './conversation.js'
import { hasPast, hasThread } from './forgotten.js'
import type { Call } from './requests.js'
import { identified, settle } from './end-turn.js'
import { TurnAnswer } from './wire.js'

/** What the answer to a request of ours leads to. One that did not come in time ends the session. */
export function answered(conversation: Conversation, call: Call, answer: JsonRpcAnswer): Step {
  if (call.method === 'thread/start') return hasThread(conversation, answer)
  if (call.method === 'thread/inject_items' || call.method === 'thread/revert') {
    return hasPast(conversation, answer)
  }
  if (answer.type === 'timed-out') {
    return step(conversation, {}, { fault: classifyRefusal(`answer ${call.method}`, answer) })
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
    case 'turn/interrupt':
    case 'thread/backgroundTerminals/clean':
      // The end of the turn is told on its own; a refusal means that there is nothing to end.
      return step(conversation, {})
  }
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
