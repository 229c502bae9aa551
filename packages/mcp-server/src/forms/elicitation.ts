import type { PromptHandler } from '@subagent-mcp/core'
import type { McpServer } from '@modelcontextprotocol/server'
import type { Clock } from '@subagent-mcp/contract'
import type { Supervisor, UserAnswer } from '@subagent-mcp/core'
import type { HostInfo } from './host-info.js'
import { questionForm } from './question-form.js'

/** Permission forms that are sent as requests while a tool call is open (protocols before 2026; `elicitation-queue.ts` is for later ones). */
export type ElicitationForms = {
  /**
   * Registers the host's user for permission requests while a tool call is open, until the returned function is called; does
   * nothing if the host shows no forms. Over HTTP the forms are sent on the response to that call.
   */
  attend(callId: string | number): () => void
}

type ElicitationOptions = {
  supervisor: Supervisor
  caller: string
  client: HostInfo
  mcp: McpServer
}

/** Creates the forms of one connection, shown one at a time and only while their permission request is open. */
export function createElicitation({ supervisor, caller, client, mcp }: ElicitationOptions): ElicitationForms {
  let last: Promise<unknown> = Promise.resolve()
  const askOver =
    (callId: string | number): PromptHandler['ask'] =>
    (question, signal) => {
      // A call that ends at once, as it has news, asks nobody.
      const turn = last.then(() => new Promise(setImmediate))
      const answer = turn.then(() => show({ mcp, clock: supervisor.clock, callId }, question, signal))
      last = answer
      return answer
    }
  return {
    attend: (callId) => {
      if (!hasUser(supervisor, caller) || !client.takesForms()) return () => undefined
      return supervisor.addPromptHandler(caller, {
        who: auditNameOfUser(client),
        ask: askOver(callId),
      })
    },
  }
}

/** Whether a caller has a user who can be asked. An agent's own connection has none, whatever its CLI declares. */
export function hasUser(supervisor: Supervisor, caller: string): boolean {
  return supervisor.state().callers.get(caller)?.depth === 0
}

/** Returns the name under which the audit log has a host's user. */
export function auditNameOfUser(client: Pick<HostInfo, 'name'>): string {
  return `the user in ${client.name() ?? 'a host without a name'}`
}

/** Shows one form. Aborting the signal withdraws it. */
async function show(
  { mcp: { server }, clock, callId }: { mcp: McpServer; clock: Clock; callId: string | number },
  { agent, request }: Parameters<PromptHandler['ask']>[0],
  signal: AbortSignal,
): Promise<UserAnswer | undefined> {
  try {
    const { params, read } = questionForm(agent, request)
    const options = { signal, timeout: longestTimer, relatedRequestId: callId }
    const shownAt = clock.now()
    const result = await server.request({ method: 'elicitation/create', params }, options)
    return read(result, clock.now() - shownAt)
  } catch {
    // The question is over, or the host cannot show it or has gone: it is for others to answer.
    return undefined
  }
}

/** The longest timeout of a form request, in milliseconds; the deadline of the permission request aborts it sooner. */
const longestTimer = 2 ** 31 - 1
