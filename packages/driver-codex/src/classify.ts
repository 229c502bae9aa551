import { defined, type Failure, type FailureReason, parseJson } from '@subagent-mcp/contract'
import type { JsonRpcAnswer } from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import type { TurnError } from './session/wire.js'

/** Why a turn failed. */
export function classifyError(error: TurnError | undefined, limitEndsAt: number | undefined): Failure {
  if (error === undefined) return { reason: 'unknown', message: 'the turn failed without a word' }
  return failure(error, plain(error.message), limitEndsAt)
}

/** Why a model request is made again. */
export function classifyRetry(error: TurnError, limitEndsAt: number | undefined): Failure {
  const why = plain(error.additionalDetails ?? error.message)
  return failure(error, `model request failed: ${why}`, limitEndsAt)
}

/** Which try of how many a retry is, where the CLI says so. */
export function attemptsOf({ message }: TurnError): { attempt: number; maxAttempts: number } | undefined {
  const [, attempt, maxAttempts] = /\b(\d+)\/(\d+)$/.exec(message) ?? []
  return attempt === undefined ? undefined : { attempt: Number(attempt), maxAttempts: Number(maxAttempts) }
}

/** Why a request of ours did not get what it asked for. */
export function classifyRefusal(what: string, answer: Exclude<JsonRpcAnswer, { type: 'result' }>): Failure {
  switch (answer.type) {
    case 'error':
      return { reason: 'bad-request', message: `codex refused to ${what}: ${answer.message}` }
    case 'timed-out':
      return { reason: 'timed-out', message: `codex did not ${what} in time` }
    case 'lost':
      return { reason: 'crashed', message: `codex ended before it could ${what}` }
  }
}

/** The failure of a machine without the CLI. */
export const notInstalled: Failure = {
  reason: 'not-installed',
  message: 'codex was not found',
  hint: 'install Codex: npm install -g @openai/codex (or see https://developers.openai.com/codex)',
}

const signIn = 'run `codex login`, or set up a model provider with a key in ~/.codex/config.toml'

/** The failure of a machine on which nothing can sign in. */
export const notSignedIn: Failure = {
  reason: 'not-signed-in',
  message: 'codex is not signed in',
  hint: signIn,
}

function failure(error: TurnError, message: string, limitEndsAt: number | undefined): Failure {
  const status = statusOf(error)
  const reason = reasonOf(error, status)
  const hint = hints[reason]
  return {
    reason,
    message,
    ...defined({ hint, httpStatus: status }),
    ...(reason === 'rate-limited' && limitEndsAt !== undefined && { resetsAt: limitEndsAt }),
  }
}

function statusOf({ codexErrorInfo: info }: TurnError): number | undefined {
  if (info === undefined || typeof info === 'string') return undefined
  return Object.values(info)[0]?.httpStatusCode
}

function reasonOf(
  { codexErrorInfo: info, additionalDetails, message }: TurnError,
  status: number | undefined,
) {
  const known = typeof info === 'string' ? reasons.get(info) : undefined
  if (known !== undefined) return known
  return status === undefined ? reasonOfWords(additionalDetails ?? message) : reasonOfStatus(status)
}

/** Codex's words for what went wrong. */
const reasons: ReadonlyMap<string, FailureReason> = new Map([
  ['contextWindowExceeded', 'context-too-long'],
  ['usageLimitExceeded', 'rate-limited'],
  ['rateLimitExceeded', 'rate-limited'],
  ['sessionBudgetExceeded', 'rate-limited'],
  ['serverOverloaded', 'overloaded'],
  ['flexUnavailable', 'overloaded'],
  ['policyCapacityUnavailable', 'overloaded'],
  ['internalServerError', 'overloaded'],
  ['modelNotFound', 'model-unavailable'],
  ['unauthorized', 'not-signed-in'],
  ['badRequest', 'bad-request'],
])

function reasonOfStatus(status: number): FailureReason {
  if (status === 401 || status === 403) return 'not-signed-in'
  if (status === 404) return 'model-unavailable'
  if (status === 413) return 'context-too-long'
  if (status === 429) return 'rate-limited'
  return status < 500 ? 'bad-request' : 'overloaded'
}

/** For an error without a status or a word of its own: a 500 that is tried again, a network that is down. */
function reasonOfWords(words: string): FailureReason {
  return wordings.find(([pattern]) => pattern.test(words))?.[1] ?? 'unknown'
}

const wordings: readonly (readonly [RegExp, FailureReason])[] = [
  [/high demand|at capacity|overloaded/i, 'overloaded'],
  [/rate limit|quota/i, 'rate-limited'],
  [/^Missing environment variable|not logged in/i, 'not-signed-in'],
  [/invalid_request_error|invalid_prompt/, 'bad-request'],
  [/^stream disconnected|^Connection failed|error sending request/, 'connection-lost'],
]

const hints: Partial<Record<FailureReason, string>> = {
  'not-signed-in': signIn,
  'model-unavailable': 'choose a model that this account has',
  'context-too-long': 'start a new agent with a shorter prompt',
}

const ApiError = z.looseObject({ error: z.looseObject({ message: z.string() }) })

/** An error of the model API comes as the JSON that it was. */
function plain(message: string): string {
  const parsed = ApiError.safeParse(parseJson(message))
  const [line = ''] = (parsed.success ? parsed.data.error.message : message).split('\n')
  return line
}
