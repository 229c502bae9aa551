import { type Failure, type FailureReason, parseJson } from '@subagent-mcp/contract'
import { createModelApiFailure, getFailureReasonForStatus } from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import { codexCli } from './codex-cli.js'
import type { TurnError } from './session/wire.js'

export function classifyCodexTurnError(
  error: TurnError | undefined,
  limitEndsAt: number | undefined,
): Failure {
  if (error === undefined) return { reason: 'unknown', message: 'the turn failed without a word' }
  return failure(error, firstLine(error.message), limitEndsAt)
}

export function classifyCodexRetriedError(error: TurnError, limitEndsAt: number | undefined): Failure {
  const why = firstLine(error.additionalDetails ?? error.message)
  return failure(error, `model request failed: ${why}`, limitEndsAt)
}

/** Reads the number of a retry, and the most retries, from the message of a Codex error; undefined without them. */
export function readRetryNumbers({
  message,
}: TurnError): { attempt: number; maxAttempts: number } | undefined {
  const [, attempt, maxAttempts] = /\b(\d+)\/(\d+)$/.exec(message) ?? []
  return attempt === undefined ? undefined : { attempt: Number(attempt), maxAttempts: Number(maxAttempts) }
}

function failure(error: TurnError, message: string, limitEndsAt: number | undefined): Failure {
  const httpStatus = statusOf(error)
  return createModelApiFailure(codexCli, {
    reason: reasonOf(error, httpStatus),
    message,
    httpStatus,
    limitEndsAt,
  })
}

function statusOf({ codexErrorInfo: info }: TurnError): number | undefined {
  if (info === undefined || typeof info === 'string') return undefined
  return Object.values(info)[0]?.httpStatusCode
}

function reasonOf(
  { codexErrorInfo: info, additionalDetails, message }: TurnError,
  status: number | undefined,
): FailureReason {
  const known = typeof info === 'string' ? reasons.get(info) : undefined
  if (known !== undefined) return known
  return status === undefined ? reasonOfText(additionalDetails ?? message) : getFailureReasonForStatus(status)
}

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

/** Classifies a Codex error without a status and without a known word by its text, such as a network that is down. */
function reasonOfText(text: string): FailureReason {
  return textReasons.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown'
}

const textReasons: readonly (readonly [RegExp, FailureReason])[] = [
  [/high demand|at capacity|overloaded/i, 'overloaded'],
  [/rate limit|quota/i, 'rate-limited'],
  [/^Missing environment variable|not logged in/i, 'not-signed-in'],
  [/invalid_request_error|invalid_prompt/, 'bad-request'],
  [/^stream disconnected|^Connection failed|error sending request/, 'connection-lost'],
]

const ApiError = z.looseObject({ error: z.looseObject({ message: z.string() }) })

/** The first line of an error. Codex passes some errors of the model API on as JSON. */
function firstLine(message: string): string {
  const parsed = ApiError.safeParse(parseJson(message))
  const [line = ''] = (parsed.success ? parsed.data.error.message : message).split('\n')
  return line
}
