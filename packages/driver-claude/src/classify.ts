import type { Failure, FailureReason } from '@subagent-mcp/contract'
import { createModelApiFailure, getFailureReasonForStatus } from '@subagent-mcp/driver-kit'
import { claudeCli } from './claude-cli.js'
import type { ResultLine, RetryLine } from './session/wire.js'

/** Details that Claude reported before a result: its word for the API error, and the end of the limit in Unix milliseconds. */
export type ClaudeErrorContext = { word: string | undefined; limitEndsAt: number | undefined }

/** Returns the failure of a Claude turn, from its result line. */
export function classifyClaudeResult(line: ResultLine, { word, limitEndsAt }: ClaudeErrorContext): Failure {
  const text = line.result ?? line.errors?.join('; ') ?? 'the turn failed without a word'
  const [message = ''] = text.split('\n')
  const httpStatus = line.api_error_status ?? undefined
  const reason = reasonOfResult(line, message, word)
  return createModelApiFailure(claudeCli, { reason, message, httpStatus, limitEndsAt })
}

export function classifyClaudeRetry(line: RetryLine, limitEndsAt: number | undefined): Failure {
  const httpStatus = line.error_status ?? undefined
  const status = httpStatus === undefined ? '' : ` (${httpStatus})`
  const message = `model request failed: ${line.error ?? 'unknown error'}${status}`
  // An API that answers sends a status, or Claude has a word for the error.
  const unanswered = httpStatus === undefined && (line.error ?? 'unknown') === 'unknown'
  const reason = unanswered ? 'connection-lost' : reasonOf(line.error, httpStatus)
  return createModelApiFailure(claudeCli, { reason, message, httpStatus, limitEndsAt })
}

function reasonOfResult(line: ResultLine, message: string, word: string | undefined): FailureReason {
  if (line.subtype === 'error_max_turns') return 'max-turns'
  if (tooLong.includes(line.terminal_reason ?? '') || line.api_error_status === 413) return 'context-too-long'
  if (noSuchSession.test(message)) return 'bad-request'
  if (networkErrors.includes(line.api_error ?? '')) return 'connection-lost'
  // Older versions report `server_error` for a network error, and only the text of the result differs.
  if (typeof line.api_error_status !== 'number' && networkText.test(message)) return 'connection-lost'
  return reasonOf(word, line.api_error_status ?? undefined)
}

/** The model API refused the prompt, or Claude did not send it. */
const tooLong: readonly string[] = ['prompt_too_long', 'blocking_limit']

const noSuchSession = /^(No conversation found|Error: --resume requires)/

const networkErrors: readonly string[] = ['connection_failed', 'stream_idle_timeout', 'computer_slept']
const networkText = /^API Error: (Unable to connect|Connection|Request timed out|.*\bE(CONN|PIPE|HOST|NET))/

function reasonOf(word: string | undefined, status: number | undefined): FailureReason {
  return reasons.get(word ?? '') ?? getFailureReasonForStatus(status)
}

const reasons: ReadonlyMap<string, FailureReason> = new Map([
  ['authentication_failed', 'not-signed-in'],
  ['oauth_org_not_allowed', 'not-signed-in'],
  ['account_on_hold', 'not-signed-in'],
  ['verification_required', 'not-signed-in'],
  ['cloud_credential_error', 'not-signed-in'],
  ['rate_limit', 'rate-limited'],
  // An account without credit is limited too: another provider can do the work.
  ['billing_error', 'rate-limited'],
  ['overloaded', 'overloaded'],
  ['server_error', 'overloaded'],
  ['model_not_found', 'model-unavailable'],
  ['invalid_request', 'bad-request'],
])
