import type { McpServer } from '@modelcontextprotocol/server'
import type { Clock } from '@subagent-mcp/contract'
import type { Attendant, Supervisor, UserAnswer } from '@subagent-mcp/core'
import type { Client } from './host-info.js'
import { questionForm } from './question-form.js'

/** The user of a host of before 2026, who can be asked while a call of the host is open; of a later one see `desk.ts`. */
export type Elicitation = {
  /** Until the returned function is called. Nothing happens where the host cannot show a form. */
  attend(): () => void
}

type ElicitationOptions = {
  supervisor: Supervisor
  caller: string
  client: Client
  mcp: McpServer
}

/** The forms of one connection: one at a time, and never one whose question is over. */
export function createElicitation({ supervisor, caller, client, mcp }: ElicitationOptions): Elicitation {
  let last: Promise<unknown> = Promise.resolve()
  const ask: Attendant['ask'] = (question, signal) => {
    // A call that ends at once, as it has news, asks nobody.
    const turn = last.then(() => new Promise(setImmediate))
    const answer = turn.then(() => show({ mcp, clock: supervisor.clock }, question, signal))
    last = answer
    return answer
  }
  return {
    attend: () => {
      if (!hasUser(supervisor, caller) || !client.takesForms()) return () => undefined
      return supervisor.attend(caller, { who: userOf(client), ask })
    },
  }
}

/** An agent's own connection has no person behind it, whatever its CLI says that it can show. */
export function hasUser(supervisor: Supervisor, caller: string): boolean {
  return supervisor.fleet().callers.get(caller)?.depth === 0
}

/** How the audit log calls a host's user. */
export function userOf(client: Client): string {
  return `the user in ${client.name() ?? 'a host without a name'}`
}

/** Aborting takes the form away from the user; with a signal that has aborted already it is never shown. */
async function show(
  { mcp: { server }, clock }: { mcp: McpServer; clock: Clock },
  { agent, request }: Parameters<Attendant['ask']>[0],
  signal: AbortSignal,
): Promise<UserAnswer | undefined> {
  try {
    const { params, read } = questionForm(agent, request)
    const options = { signal, timeout: longestTimer }
    const shownAt = clock.now()
    const result = await server.request({ method: 'elicitation/create', params }, options)
    return read(result, clock.now() - shownAt)
  } catch {
    // The question is over, or the host cannot show it or has gone: it is for others to answer.
    return undefined
  }
}

/** Milliseconds, the most that a timer can take: the question has a deadline of its own, which aborts. */
const longestTimer = 2 ** 31 - 1
