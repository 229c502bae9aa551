import { defined, type Failure, type FailureReason } from '@subagent-mcp/contract'
import { exitFailure, type ChildExit } from '@subagent-mcp/driver-kit'
import type { ResultLine, RetryLine } from './session/wire.js'

/** What was said before a result: the CLI's word for the model API's error, and when its limit ends. */
export type Before = { word: string | undefined; limitEndsAt: number | undefined }

/** Why a turn failed. */
export function classifyResult(line: ResultLine, { word, limitEndsAt }: Before): Failure {
  const [message = ''] = (line.result ?? line.errors?.join('; ') ?? 'the turn failed without a word').split(
    '\n',
  )
  const status = line.api_error_status ?? undefined
  return failure(reasonOfResult(line, message, word), { message, status, limitEndsAt })
}

/** Why the CLI tries a model request again. */
export function classifyRetry(line: RetryLine, limitEndsAt: number | undefined): Failure {
  const status = line.error_status ?? undefined
  const what = [line.error ?? 'unknown error', ...(status === undefined ? [] : [`(${status})`])].join(' ')
  const message = `model request failed: ${what}`
  // Whoever answers has a status, or a word for what is wrong.
  const unanswered = status === undefined && (line.error ?? 'unknown') === 'unknown'
  return failure(unanswered ? 'connection-lost' : reasonOf(line.error, status), {
    message,
    status,
    limitEndsAt,
  })
}

/** Why a process ended that nobody had told to. */
export function classifyExit(exit: ChildExit): Failure {
  return exitFailure('claude', exit, notInstalled)
}

/** The failure of a machine without the CLI. */
export const notInstalled: Failure = {
  reason: 'not-installed',
  message: 'claude was not found',
  hint: 'install Claude Code: npm install -g @anthropic-ai/claude-code (or see https://claude.com/claude-code)',
}

function reasonOfResult(line: ResultLine, message: string, word: string | undefined): FailureReason {
  if (line.subtype === 'error_max_turns') return 'max-turns'
  if (tooLong.includes(line.terminal_reason ?? '') || line.api_error_status === 413) return 'context-too-long'
  if (noSuchSession.test(message)) return 'bad-request'
  if (networkErrors.includes(line.api_error ?? '')) return 'connection-lost'
  // Older versions call it a `server_error`, and only their text tells it from one.
  if (typeof line.api_error_status !== 'number' && networkText.test(message)) return 'connection-lost'
  return reasonOf(word, line.api_error_status ?? undefined)
}

/** The model API refused it; the CLI did not even send it. */
const tooLong: readonly string[] = ['prompt_too_long', 'blocking_limit']

const noSuchSession = /^(No conversation found|Error: --resume requires)/

/** Newer versions have a word for what the network did. */
const networkErrors: readonly string[] = ['connection_failed', 'stream_idle_timeout', 'computer_slept']
const networkText = /^API Error: (Unable to connect|Connection|Request timed out|.*\bE(CONN|PIPE|HOST|NET))/

function reasonOf(word: string | undefined, status: number | undefined): FailureReason {
  return reasons.get(word ?? '') ?? reasonOfStatus(status)
}

/** Claude Code's words for what the model API said. */
const reasons: ReadonlyMap<string, FailureReason> = new Map([
  ['authentication_failed', 'not-signed-in'],
  ['oauth_org_not_allowed', 'not-signed-in'],
  ['account_on_hold', 'not-signed-in'],
  ['verification_required', 'not-signed-in'],
  ['cloud_credential_error', 'not-signed-in'],
  ['rate_limit', 'rate-limited'],
  // An empty account is a limit too: another provider can do the work.
  ['billing_error', 'rate-limited'],
  ['overloaded', 'overloaded'],
  ['server_error', 'overloaded'],
  ['model_not_found', 'model-unavailable'],
  ['invalid_request', 'bad-request'],
])

function reasonOfStatus(status: number | undefined): FailureReason {
  if (status === undefined || status < 400) return 'unknown'
  if (status === 401 || status === 403) return 'not-signed-in'
  if (status === 404) return 'model-unavailable'
  if (status === 429) return 'rate-limited'
  return status < 500 ? 'bad-request' : 'overloaded'
}

const signIn = 'run `claude` in a terminal and sign in, or set ANTHROPIC_API_KEY'

/** The failure of a machine on which nothing can sign in. */
export const notSignedIn: Failure = {
  reason: 'not-signed-in',
  message: 'claude is not signed in',
  hint: signIn,
}

const hints: Partial<Record<FailureReason, string>> = {
  'not-signed-in': signIn,
  'connection-lost': 'check the network and the proxy, or try again',
  'model-unavailable': 'choose a model that this account has',
  'context-too-long': 'start a new agent with a shorter prompt',
  'max-turns':
    'allow more model requests (--max-turns of a worker, maxTurns of a definition), or ask for less',
}

type Seen = { message: string; status: number | undefined; limitEndsAt: number | undefined }

function failure(reason: FailureReason, { message, status, limitEndsAt }: Seen): Failure {
  const hint = hints[reason]
  return {
    reason,
    message,
    ...defined({ hint, httpStatus: status }),
    ...(reason === 'rate-limited' && limitEndsAt !== undefined && { resetsAt: limitEndsAt }),
  }
}
