import { omitUndefined, type Failure, type FailureReason, type Model } from '@subagent-mcp/contract'
import type { ChildProcessExit } from '../child/child.js'
import { createNotInstalledFailure, type Cli } from '../executable/cli.js'
import type { JsonRpcOutcome } from '../json-rpc/json-rpc-peer.js'

/** The failure of a launch whose abort signal fired before the session was open. */
export const launchAbortFailure: Failure = { reason: 'unknown', message: 'the launch was called off' }

/** The failure of a launch that resumes a session which another agent has open. */
export const sessionIsOpenFailure: Failure = {
  reason: 'bad-request',
  message: 'this session is open already: another agent runs it',
}

/** The failure of a launch that resumes an earlier session as an ephemeral one, which leaves nothing on disk. */
export const ephemeralResumeFailure: Failure = {
  reason: 'bad-request',
  message: 'an ephemeral session cannot resume an earlier one',
}

/** The failure of a launch with a model that the CLI does not list. */
export function createUnlistedModelFailure(label: string, name: string, listed: readonly Model[]): Failure {
  return {
    reason: 'model-unavailable',
    message: `${label} has no model named ${name}`,
    hint: `there are: ${listed.map(({ id, aliases }) => [id, ...aliases].join(' = ')).join(', ')}`,
  }
}

/** The failure for an exception that no driver expects, such as a full disk or a NUL in a model's name. */
export function createExceptionFailure(cause: unknown): Failure {
  return { reason: 'unknown', message: cause instanceof Error ? cause.message : String(cause) }
}

/** The failure of a CLI whose process exited by itself, or could not be started. */
export function createCliExitFailure(cli: Cli, exit: ChildProcessExit): Failure {
  const { label } = cli
  const { code, signal, stderrTail, spawnError } = exit
  if (spawnError?.code === 'ENOENT')
    return { ...createNotInstalledFailure(cli), message: `${label} could not be started` }
  const how = spawnError?.message ?? (signal === null ? `code ${code ?? 'unknown'}` : `signal ${signal}`)
  const tail = stderrTail === '' ? {} : { stderrTail }
  return { reason: 'crashed', message: `${label} ended unasked (${how})`, ...tail }
}

/** The failure for a JSON-RPC answer without the expected result; `what` is the infinitive that follows "did not". */
export function createRpcRefusalFailure(label: string, what: string, answer: JsonRpcOutcome): Failure {
  switch (answer.type) {
    case 'error':
      return { reason: 'bad-request', message: `${label} did not ${what}: ${answer.message}` }
    case 'timed-out':
      return { reason: 'timed-out', message: `${label} did not ${what} in time` }
    case 'lost':
      return { reason: 'crashed', message: `${label} ended before it could ${what}` }
    case 'result':
      return { reason: 'protocol', message: `${label} did not ${what} in a way that can be read` }
  }
}

/** Returns the failure reason of a failed request to a model API, by its HTTP status. */
export function getFailureReasonForStatus(status: number | undefined): FailureReason {
  if (status === undefined || status < 400) return 'unknown'
  if (status === 401 || status === 403) return 'not-signed-in'
  if (status === 404) return 'model-unavailable'
  if (status === 413) return 'context-too-long'
  if (status === 429) return 'rate-limited'
  return status < 500 ? 'bad-request' : 'overloaded'
}

/** A failed request to a model API. `limitEndsAt`, in Unix milliseconds, counts for the reason `rate-limited` only. */
export type ModelApiError = {
  reason: FailureReason
  message: string
  httpStatus?: number | undefined
  limitEndsAt?: number | undefined
}

/** The failure for an error of the model API, with the hint that goes with its reason. */
export function createModelApiFailure(
  { signInHint }: Pick<Cli, 'signInHint'>,
  error: ModelApiError,
): Failure {
  const { reason, message, httpStatus, limitEndsAt } = error
  const hint = reason === 'not-signed-in' ? signInHint : hints[reason]
  const resetsAt = reason === 'rate-limited' ? limitEndsAt : undefined
  return { reason, message, ...omitUndefined({ hint, httpStatus, resetsAt }) }
}

const hints: Partial<Record<FailureReason, string>> = {
  'connection-lost': 'check the network and the proxy, or try again',
  'model-unavailable': 'choose a model that this account has',
  'context-too-long': 'start a new agent with a shorter prompt',
  'max-turns':
    'allow more model requests (--max-turns of a worker, maxTurns of a definition), or ask for less',
}
