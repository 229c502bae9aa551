import type { Failure, SessionEvent } from '@subagent-mcp/contract'

/** The failure that callers get who cancelled their request to the pool. */
export const poolCancelFailure: Failure = { reason: 'unknown', message: 'the request was cancelled' }

export const poolClosedFailure: Failure = { reason: 'unknown', message: 'the pool of processes is closed' }

/** The failure for the key of a pool spec that the pool does not know, as after its restart. */
export const unknownPoolSpecFailure: Failure = {
  reason: 'unknown',
  message:
    'the pool does not know how to make this process: it has been restarted, or the task has waited for long',
  hint: 'invoke the agent again',
}

/** The failure of a warm-up when the machine has no room for a process that no task waits for. */
export const noRoomToWarmFailure: Failure = {
  reason: 'unknown',
  message: 'the machine has no room for a process in advance',
}

export const pooledAgentResetFailure: Failure = {
  reason: 'crashed',
  message: 'the process was ended: its agent was reset',
  hint: 'invoke the agent again',
}

/** The failure that callers get whose pooled process was ended because it is no longer needed. */
export const poolRetiredFailure: Failure = { reason: 'unknown', message: 'the process was retired' }

/** The failure of a pooled session that closed without a failure before it was ready. */
export const poolSessionLostFailure: Failure = {
  reason: 'crashed',
  message: 'the session closed before it was ready for a task',
}

export function createOverdueFailure(what: string, milliseconds: number): Failure {
  return { reason: 'timed-out', message: `${what} took more than ${milliseconds / 1_000} s` }
}

/** The failure of a prime prompt or cache turn that did not complete; `what` names the turn. */
export function createPoolTurnFailure(
  what: string,
  { outcome }: SessionEvent & { type: 'turn-ended' },
): Failure {
  return outcome.type === 'failed'
    ? outcome.failure
    : { reason: 'unknown', message: `${what} was ${outcome.type} before it was done` }
}

/** The failure of a prime prompt that needs a permission, because nobody can be asked. `by`: the rule that asks. */
export function createPrimePromptPermissionFailure(tool: string, by: string | undefined): Failure {
  return {
    reason: 'bad-request',
    message: `the prime prompt led to a question: may it use ${tool}?${by === undefined ? '' : ` (${by})`}`,
    hint: 'let the prime prompt only read, or let the call pass in `permissions.allow` of config.jsonc',
  }
}
