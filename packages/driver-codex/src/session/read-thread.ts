import type { Failure } from '@subagent-mcp/contract'
import { rpcRefusalFailure, type RpcOutcome } from '@subagent-mcp/driver-kit'
import { codexCli } from '../codex-cli.js'
import { ThreadAnswer } from './wire.js'

/** Reads the thread in Codex's answer. `what` names the request in a failure message, such as `start a thread`. */
export function readThreadAnswer(
  what: string,
  answer: RpcOutcome,
): { threadId: string; model: string } | { failure: Failure } {
  const { data } = ThreadAnswer.safeParse(answer.type === 'result' ? answer.result : undefined)
  if (data !== undefined) return { threadId: data.thread.id, model: data.model }
  return { failure: rpcRefusalFailure(codexCli.label, what, answer) }
}
