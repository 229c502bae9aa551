import { defined, type Failure, type FailureReason, parseJson } from '@subagent-mcp/contract'
import type { JsonRpcAnswer } from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import type { AcpProfile, Retry } from './profile.js'

type NoResult = Exclude<JsonRpcAnswer, { type: 'result' }>

/** The failure of a machine without the agent. */
export function notInstalled({ label, command, installHint }: AcpProfile): Failure {
  return { reason: 'not-installed', message: `${label} was not found (${command})`, hint: installHint }
}

/** The failure of a machine on which nothing can sign in. */
export function notSignedIn({ label, signInHint }: AcpProfile): Failure {
  return { reason: 'not-signed-in', message: `${label} is not signed in`, hint: signInHint }
}

/** The code of the protocol for an agent that must be signed in first. */
export const authRequired = -32000

/** Why an agent did not do what it was asked for. */
export function classifyRefusal(label: string, what: string, answer: JsonRpcAnswer): Failure {
  if (answer.type === 'error') {
    const reason = answer.code === authRequired ? 'not-signed-in' : 'bad-request'
    return { reason, message: `${label} did not ${what}: ${wordsOf(answer)}` }
  }
  if (answer.type === 'timed-out') {
    return { reason: 'timed-out', message: `${label} did not ${what} in time` }
  }
  if (answer.type === 'lost') return { reason: 'crashed', message: `${label} ended before it could ${what}` }
  return { reason: 'protocol', message: `${label} did not ${what} in a way that can be read` }
}

/** Why a turn failed. Gemini passes the model API's status on as the code of the error. */
export function classifyTurn(label: string, answer: NoResult): Failure {
  if (answer.type !== 'error') return classifyRefusal(label, 'answer', answer)
  if (answer.code === authRequired) return { reason: 'not-signed-in', message: wordsOf(answer) }
  const message = wordsOf(answer)
  const isStatus = answer.code >= 400 && answer.code <= 599
  return isStatus ? failureOf(answer.code, message) : { reason: specialReason(message) ?? 'unknown', message }
}

function failureOf(status: number, message: string): Failure {
  const reason = reasonOf(status, message)
  const hint = hints[reason]
  return {
    reason,
    message,
    ...defined({ hint }),
    // What never came to an API, or was told without its status, has the 500 of the agent.
    ...(reason !== 'connection-lost' && reason !== 'model-unavailable' && { httpStatus: status }),
  }
}

/** Why Gemini tries a model request again, from the first line that it logs of it. */
export function readGeminiRetry(line: string): Retry | undefined {
  const [, attempt, rest = ''] = /Attempt (\d+) failed(.*)/.exec(line) ?? []
  if (attempt === undefined || rest.includes('Max attempts reached')) return undefined
  const [, status] = /^ with status (\d{3})/.exec(rest) ?? []
  const [, words = rest] = /"message":"(.*?)"|^: (.*?)(?:\. Retrying|$)/.exec(rest)?.filter(Boolean) ?? []
  // A failure that is told without a status is one for which Google has named a time to wait.
  const code = status === undefined && rest.startsWith(':') ? 429 : Number(status ?? 500)
  return { attempt: Number(attempt), maxAttempts: 10, failure: failureOf(code, words) }
}

const Words = z.looseObject({ error: z.looseObject({ message: z.string() }) })
const Details = z.looseObject({ details: z.string() })

/** An error in one line; the model API's own words where the agent passes its JSON on. */
function wordsOf({ message, data }: Extract<JsonRpcAnswer, { type: 'error' }>): string {
  const inner = Words.safeParse(parseJson(message))
  const details = Details.safeParse(data)
  const words = inner.data?.error.message ?? details.data?.details ?? message
  return words.split('\n')[0] ?? words
}

function reasonOf(status: number, words: string): FailureReason {
  const special = specialReason(words)
  if (special !== undefined) return special
  if (status === 401 || status === 403) return 'not-signed-in'
  if (status === 404) return 'model-unavailable'
  if (status === 429) return 'rate-limited'
  return status < 500 ? 'bad-request' : 'overloaded'
}

function specialReason(words: string): FailureReason | undefined {
  return specials.find(([pattern]) => pattern.test(words))?.[1]
}

/** Gemini gives 400 to a wrong key, and 500 to much that no status came with. */
const specials: readonly [RegExp, FailureReason][] = [
  [/api key (not valid|not found|expired)|api_key_invalid/i, 'not-signed-in'],
  [/not.?found|is not supported for/i, 'model-unavailable'],
  [/^terminated$|fetch failed|socket|network|ECONN|ETIMEDOUT|ENOTFOUND/i, 'connection-lost'],
  [/quota|exhausted your capacity/i, 'rate-limited'],
  [/token count.*exceeds|context (window|length)/i, 'context-too-long'],
]

const hints: Partial<Record<FailureReason, string>> = {
  'not-signed-in': 'sign in to the CLI in a terminal, or set its API key',
  'model-unavailable': 'choose a model that this account has',
  'context-too-long': 'start a new agent with a shorter prompt',
}
