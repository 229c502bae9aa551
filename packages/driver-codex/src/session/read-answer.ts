import { createRpcRefusalFailure, type JsonRpcOutcome } from '@subagent-mcp/driver-kit'
import { codexCli } from '../codex-cli.js'
import {
  endCodexTurn,
  createCodexStep,
  type CodexConversation,
  type CodexStep,
  type CodexTurn,
} from './conversation.js'
import { onThreadStartAnswer, onThreadRestoreAnswer } from './finish-reset.js'
import type { CodexRequest } from './requests.js'
import { endCodexTurnWhenAnswered, onCodexTurnId } from './end-turn.js'
import { TurnAnswer } from './wire.js'

/** Reads the answer to a request. The session ends when an answer does not come in time. */
export function readCodexAnswer(
  conversation: CodexConversation,
  call: CodexRequest,
  answer: JsonRpcOutcome,
): CodexStep {
  if (call.method === 'thread/start') return onThreadStartAnswer(conversation, answer)
  if (call.method === 'thread/inject_items' || call.method === 'thread/revert') {
    return onThreadRestoreAnswer(conversation, answer)
  }
  if (answer.type === 'timed-out') {
    return createCodexStep(
      conversation,
      {},
      { fault: createRpcRefusalFailure(codexCli.label, `answer ${call.method}`, answer) },
    )
  }
  const { turn } = conversation
  switch (call.method) {
    case 'turn/start':
      if (turn?.starting !== call.params.clientUserMessageId) return createCodexStep(conversation, {})
      return started(conversation, { ...turn, starting: undefined }, answer)
    case 'turn/steer':
      return turn === undefined
        ? createCodexStep(conversation, {})
        : steered(conversation, turn, call.params.clientUserMessageId, answer)
    case 'turn/interrupt':
    case 'thread/backgroundTerminals/clean':
      // The end of the turn comes as a notification; a refusal means that there is nothing to end.
      return createCodexStep(conversation, {})
  }
}

type Answer = Exclude<JsonRpcOutcome, { type: 'timed-out' }>

function started(conversation: CodexConversation, turn: CodexTurn, answer: Answer): CodexStep {
  if (answer.type === 'result') {
    const { data } = TurnAnswer.safeParse(answer.result)
    const isNew = data !== undefined && turn.codexId === undefined
    return isNew ? onCodexTurnId(conversation, turn, data.turn.id) : createCodexStep(conversation, { turn })
  }
  // The process has exited, which ends the session with a failure of its own.
  if (answer.type === 'lost') return createCodexStep(conversation, {})
  return endCodexTurn(conversation, turn, {
    outcome: { type: 'failed', failure: createRpcRefusalFailure(codexCli.label, 'start a turn', answer) },
  })
}

function steered(conversation: CodexConversation, turn: CodexTurn, id: string, answer: Answer): CodexStep {
  const steers = turn.steers.flatMap((steer) => {
    if (steer.id !== id) return [steer]
    return answer.type === 'result' ? [] : [{ ...steer, state: 'refused' as const }]
  })
  return endCodexTurnWhenAnswered(conversation, { ...turn, steers })
}
