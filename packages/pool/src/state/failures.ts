import type { Failure, SessionEvent } from '@subagent-mcp/contract'

/** Nobody waits for what was begun. */
export const requestAbandoned: Failure = { reason: 'unknown', message: 'it was called off' }

/** The pool is at its end. */
export const poolClosed: Failure = { reason: 'unknown', message: 'the pool of processes is closed' }

/** Of a key that names nothing, as after a restart. */
export const unknownPoolSpec: Failure = {
  reason: 'unknown',
  message:
    'the pool does not know how to make this process: it has been restarted, or the task has waited for long',
  hint: 'invoke the agent again',
}

/** A process that nobody waits for is not worth what others need. */
export const noRoom: Failure = {
  reason: 'unknown',
  message: 'the machine has no room for a process in advance',
}

/** Somebody reset the agent. */
export const agentWasReset: Failure = {
  reason: 'crashed',
  message: 'the process was ended: its agent was reset',
  hint: 'invoke the agent again',
}

/** It was ended because it is not needed. */
export const memberRetired: Failure = { reason: 'unknown', message: 'the process was retired' }

/** A session that ended without a word while it got ready. */
export const lostWhileStarting: Failure = {
  reason: 'crashed',
  message: 'the session closed before it was ready for a task',
}

/** Something took longer than it may. */
export function timeLimitFailure(what: string, milliseconds: number): Failure {
  return { reason: 'timed-out', message: `${what} took more than ${milliseconds / 1_000} s` }
}

/** A turn of ours that came to nothing; `what` it was. */
export function turnFailure(what: string, { outcome }: SessionEvent & { type: 'turn-ended' }): Failure {
  return outcome.type === 'failed'
    ? outcome.failure
    : { reason: 'unknown', message: `${what} was ${outcome.type} before it was done` }
}

/** What tasks start from must be had without asking a person: nobody is there to answer. `by` says what of the policy asks. */
export function primeAsked(tool: string, by: string | undefined): Failure {
  return {
    reason: 'bad-request',
    message: `the prime prompt led to a question: may it use ${tool}?${by === undefined ? '' : ` (${by})`}`,
    hint: 'let the prime prompt only read, or let the call pass in `permissions.allow` of config.jsonc',
  }
}
