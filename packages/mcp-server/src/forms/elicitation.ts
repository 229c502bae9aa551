import type { PermissionPromptHandler, Supervisor, UserPermissionAnswer } from '@subagent-mcp/core'
import type { McpServer } from '@modelcontextprotocol/server'
import type { Clock } from '@subagent-mcp/contract'
import type { HostInfo } from './host-info.js'
import { createPermissionForm } from './question-form.js'

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
export function createElicitationForms({
  supervisor,
  caller,
  client,
  mcp,
}: ElicitationOptions): ElicitationForms {
  let last: Promise<unknown> = Promise.resolve()
  const askOver =
    (callId: string | number): PermissionPromptHandler['ask'] =>
    (question, signal) => {
      // The form is sent one turn of the event loop later: a tool call that ends immediately with reports shows no form.
      const turn = last.then(() => new Promise(setImmediate))
      const answer = turn.then(() => show({ mcp, clock: supervisor.clock, callId }, question, signal))
      last = answer
      return answer
    }
  return {
    attend: (callId) => {
      if (!callerHasUser(supervisor, caller) || !client.takesForms()) return () => undefined
      return supervisor.addPromptHandler(caller, {
        who: formatHostUserAuditName(client),
        ask: askOver(callId),
      })
    },
  }
}

/** Whether a caller has a user who can be asked. The connection of an agent has none, even if its CLI declares forms. */
export function callerHasUser(supervisor: Supervisor, caller: string): boolean {
  return supervisor.state().callers.get(caller)?.depth === 0
}

/** Returns the name of a host's user in the audit log. */
export function formatHostUserAuditName(client: Pick<HostInfo, 'name'>): string {
  return `the user in ${client.name() ?? 'a host without a name'}`
}

/** Shows one form. The form is withdrawn when the signal aborts. */
async function show(
  { mcp: { server }, clock, callId }: { mcp: McpServer; clock: Clock; callId: string | number },
  { agent, request }: Parameters<PermissionPromptHandler['ask']>[0],
  signal: AbortSignal,
): Promise<UserPermissionAnswer | undefined> {
  try {
    const { params, read } = createPermissionForm(agent, request)
    const options = { signal, timeout: maxFormTimeoutMs, relatedRequestId: callId }
    const shownAt = clock.now()
    const result = await server.request({ method: 'elicitation/create', params }, options)
    return read(result, clock.now() - shownAt)
  } catch {
    // Either the permission request has ended, or the host cannot show forms or has disconnected. Other callers can still answer.
    return undefined
  }
}

/** The longest timeout of a form request, in milliseconds; the deadline of the permission request aborts it sooner. */
export const maxFormTimeoutMs = 2 ** 31 - 1
