import { SubagentError } from '@subagent-mcp/contract'
import { createHash } from 'node:crypto'
import type { Agent } from '../agent/agent.js'
import type { LaunchRequest } from './launch-request.js'

/** Hash of a prompt, whatever its white space. */
export function taskOf(prompt: string): string {
  return hash(prompt.replace(/\s+/g, ' ').trim())
}

/**
 * Hash of all that a launch asks for, less its request id, `queue`, which is about the wait and not about the agent, and
 * `onHostExit`, of which the user's default may have changed between two tries. Of a definition only the name counts, because its file may change between two tries.
 */
export function requestOf(launch: LaunchRequest): string {
  const { requestId: _, queue: _queue, onHostExit: _onHostExit, template, ...order } = launch
  const asked = Object.entries({ ...order, ...(template && { agent: template.name }) })
  return hash(JSON.stringify(asked.toSorted(([one], [other]) => (one < other ? -1 : 1))))
}

/** @throws SubagentError `request-id-used` where the launch is not the one that has launched this agent. */
export function checkSameRequest({ profile }: Agent, order: LaunchRequest): void {
  const { id, requestId = '', request, task } = profile
  const isSameTask = task === taskOf(order.prompt)
  // Older versions kept no more of a request than its task.
  if (request === undefined ? isSameTask : request === requestOf(order)) return
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
