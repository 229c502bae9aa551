import type { Failure } from '@subagent-mcp/contract'
import type { JsonRpcAnswer } from '@subagent-mcp/driver-kit'
import { classifyRefusal } from '../classify.js'
import { ThreadAnswer } from './wire.js'

/** The thread that a request was answered with, or why there is none. */
export function readThread(
  what: string,
  answer: JsonRpcAnswer,
): { threadId: string; model: string } | { failure: Failure } {
  if (answer.type !== 'result') return { failure: classifyRefusal(what, answer) }
  const { data } = ThreadAnswer.safeParse(answer.result)
  if (data !== undefined) return { threadId: data.thread.id, model: data.model }
  return { failure: { reason: 'protocol', message: `asked to ${what}, codex did not say which it is` } }
}
