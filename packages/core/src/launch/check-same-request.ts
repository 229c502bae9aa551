import { SubagentError } from '@subagent-mcp/contract'
import { createHash } from 'node:crypto'
import type { Agent } from '../agent/agent.js'
import type { LaunchRequest } from './launch-request.js'

/** Hash of a launch's prompt and files, ignoring differences in white space. */
export function hashTask({ prompt, files = [] }: Pick<LaunchRequest, 'prompt' | 'files'>): string {
  return hash([prompt.replace(/\s+/g, ' ').trim(), ...files].join('\n'))
}

/**
 * Hash of a launch request, to compare a retry with the first attempt. The request id, `queue` and `onHostExit` are
 * left out, because they do not describe the agent. A definition counts by its name, and `attached`, `worktree`, `gates`
 * and `remarks` not at all, because files may change between two attempts. Each attempt has its own `traceparent`.
 */
export function hashLaunchRequest(launch: LaunchRequest): string {
  const {
    requestId: _,
    queue: _queue,
    onHostExit: _onHostExit,
    attached: _attached,
    worktree: _worktree,
    gates: _gates,
    remarks: _remarks,
    traceparent: _traceparent,
    template,
    ...order
  } = launch
  const asked = Object.entries({ ...order, ...(template && { agent: template.name }) })
  return hash(JSON.stringify(asked.toSorted(([one], [other]) => (one < other ? -1 : 1))))
}

/** Checks that a launch equals the one with the same request id. @throws SubagentError `request-id-used` */
export function checkSameRequest({ profile }: Agent, order: LaunchRequest): void {
  const { id, requestId = '', request, task } = profile
  const isSameTask = task === hashTask(order)
  // Facts of older versions have only the hash of the prompt.
  if (request === undefined ? isSameTask : request === hashLaunchRequest(order)) return
  const what = isSameTask ? 'the same prompt with other options' : 'another prompt'
  throw new SubagentError(
    'request-id-used',
    `request_id '${requestId}' has launched agent ${id} already, for ${what}; nothing was launched`,
    { hint: `launch this with a new request_id; for the result of ${id}: wait` },
  )
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
