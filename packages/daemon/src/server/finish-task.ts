import {
  awaitTask,
  forgetTask,
  openQuestions,
  currentTurnText,
  untilFact,
  type Agent,
  type Supervisor,
  type TaskResult,
} from '@subagent-mcp/core'
import type { Invoked } from '@subagent-mcp/api'
import type { DaemonPort } from './port.js'
import type { Call } from './route.js'
import { showAgent } from './show-agent.js'

/**
 * Stays until a task is over, or asks what whoever `attended` it does not answer. Hanging up leaves it running. One whose
 * outcome has reached who asked for it is forgotten; once the request is over, others may wait for it.
 */
export async function finishTask(
  port: DaemonPort,
  task: Agent,
  { attended, signal, response }: Pick<Call, 'signal' | 'response'> & { attended: boolean },
): Promise<Invoked> {
  const { supervisor } = port
  const { id } = task.profile
  let result = await awaitTask(supervisor, id, signal)
  while (attended && result.type === 'asks') {
    await untilFact(supervisor, () => !asks(supervisor, id) || undefined, { signal })
    result = await awaitTask(supervisor, id, signal)
  }
  if (result.type === 'over') forgetWhenSent(supervisor, [id], response)
  return describeTask(port, result)
}

/** Forgets tasks when the answer that tells of them is out. */
export function forgetWhenSent(
  supervisor: Supervisor,
  ids: readonly string[],
  response: Call['response'],
): void {
  response.once('finish', () => {
    for (const id of ids) void forgetTask(supervisor, id)
  })
}

function asks({ fleet }: Supervisor, id: string): boolean {
  const task = fleet().agents.get(id)
  return task !== undefined && openQuestions(task).length > 0
}

function describeTask(port: DaemonPort, result: TaskResult): Invoked {
  const agent = showAgent(port, result.agent)
  if (result.type === 'asks') return { agent, state: 'asks' }
  const { failure } = agent
  return { agent, state: stateOf(agent), answer: currentTurnText(result.agent), ...(failure && { failure }) }
}

/** A task that is over has one of these; any other goes on after its request, whose answer nobody reads. */
function stateOf({ status }: Invoked['agent']): Invoked['state'] {
  return status === 'finished' || status === 'errored' || status === 'stopped' ? status : 'interrupted'
}
