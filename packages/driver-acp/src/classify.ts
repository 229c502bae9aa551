import { type Failure, type FailureReason, parseJson } from '@subagent-mcp/contract'
import {
  createModelApiFailure,
  createRpcRefusalFailure,
  getFailureReasonForStatus,
  type JsonRpcOutcome,
} from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import type { ModelRetry } from './profile.js'

type RpcError = Extract<JsonRpcOutcome, { type: 'error' }>

export const authRequiredErrorCode = -32000

/** The failure for an answer without the expected result; `what` is the infinitive that follows "did not". */
export function classifyAcpRefusal(label: string, what: string, answer: JsonRpcOutcome): Failure {
  if (answer.type !== 'error') return createRpcRefusalFailure(label, what, answer)
  const failure = createRpcRefusalFailure(label, what, { ...answer, message: firstLine(answer) })
  return answer.code === authRequiredErrorCode ? { ...failure, reason: 'not-signed-in' } : failure
}

/** Classifies the failed answer to `session/prompt`. Gemini uses the HTTP status of the model API as the error code. */
export function classifyAcpTurnAnswer(
  label: string,
  answer: Exclude<JsonRpcOutcome, { type: 'result' }>,
): Failure {
  if (answer.type !== 'error') return createRpcRefusalFailure(label, 'answer', answer)
  const message = firstLine(answer)
  if (answer.code === authRequiredErrorCode) return { reason: 'not-signed-in', message }
  const isStatus = answer.code >= 400 && answer.code <= 599
  if (isStatus) return statusFailure(answer.code, message)
  return { reason: reasonOfText(message) ?? 'unknown', message }
}

const signInHint = 'sign in to the CLI in a terminal, or set its API key'

function statusFailure(status: number, message: string): Failure {
  const reason = reasonOfText(message) ?? getFailureReasonForStatus(status)
  // Gemini reports 500 for errors without a status, such as a lost connection.
  const hasStatus = reason !== 'connection-lost' && reason !== 'model-unavailable'
  return createModelApiFailure(
    { signInHint },
    { reason, message, httpStatus: hasStatus ? status : undefined },
  )
}

/** Reads a line of Gemini's log as a retry; undefined for other lines. */
export function readGeminiRetry(line: string): ModelRetry | undefined {
  const [, attempt, rest = ''] = /Attempt (\d+) failed(.*)/.exec(line) ?? []
  if (attempt === undefined || rest.includes('Max attempts reached')) return undefined
  const [, status] = /^ with status (\d{3})/.exec(rest) ?? []
  const [, words = rest] = /"message":"(.*?)"|^: (.*?)(?:\. Retrying|$)/.exec(rest)?.filter(Boolean) ?? []
  // Gemini logs no status when Google has sent a time to wait.
  const code = status === undefined && rest.startsWith(':') ? 429 : Number(status ?? 500)
  return { attempt: Number(attempt), maxAttempts: 10, failure: statusFailure(code, words) }
}

const ApiError = z.looseObject({ error: z.looseObject({ message: z.string() }) })
const Details = z.looseObject({ details: z.string() })

/** Returns the first line of an agent's error, or the model API's text when the error quotes its JSON. */
function firstLine({ message, data }: RpcError): string {
  const inner = ApiError.safeParse(parseJson(message)).data?.error.message
  const text = inner ?? Details.safeParse(data).data?.details ?? message
  return text.split('\n')[0] ?? text
}

/** The reason for texts that are more exact than the status of their error; undefined for other texts. */
function reasonOfText(text: string): FailureReason | undefined {
  return textReasons.find(([pattern]) => pattern.test(text))?.[1]
}

/** Failure reasons by error text, because Gemini reports 400 for a wrong key, and 500 for most errors without a status. */
const textReasons: readonly [RegExp, FailureReason][] = [
  [/api key (not valid|not found|expired)|api_key_invalid/i, 'not-signed-in'],
  [/not.?found|is not supported for/i, 'model-unavailable'],
  [/^terminated$|fetch failed|socket|network|ECONN|ETIMEDOUT|ENOTFOUND/i, 'connection-lost'],
  [/quota|exhausted your capacity/i, 'rate-limited'],
  [/token count.*exceeds|context (window|length)/i, 'context-too-long'],
]
