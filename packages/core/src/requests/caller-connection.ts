import { findModelProviderOfHost } from '@subagent-mcp/contract'
import { noPermissionRules } from '@subagent-mcp/permissions'
import type { CallerState, HostTurn } from '../state/agents-state.js'
import type { Supervisor } from '../supervisor/supervisor.js'

/** A connecting caller. Defaults: `depth` 0 and the authority `accept-edits` without rules. */
export type CallerOptions = Partial<CallerState> & Pick<CallerState, 'project'> & { caller: string }

/** Connects a caller to the supervisor. From then on it may launch agents, and wait for those of its project. */
export function connectCaller(supervisor: Supervisor, options: CallerOptions): void {
  const authority = { preset: 'accept-edits', rules: noPermissionRules } as const
  const at = supervisor.clock.now()
  supervisor.dispatch({ depth: 0, authority, ...options, type: 'caller-connected', at })
}

/** Records the vendor of a host's models, by the client name of the host in MCP. Ignores unknown names. */
export function recordHostVendor(
  { state, clock, dispatch }: Supervisor,
  caller: string,
  client: string | undefined,
): void {
  const vendor = findModelProviderOfHost(client)
  if (vendor === undefined || state().callers.get(caller)?.vendor === vendor) return
  dispatch({ type: 'caller-named', at: clock.now(), caller, vendor })
}

/** Disconnects a caller. Its agents continue, except those launched with `onHostExit: 'kill'`, which are stopped. */
export function disconnectCaller(supervisor: Supervisor, caller: string): void {
  const at = supervisor.clock.now()
  supervisor.dispatch({ type: 'caller-disconnected', at, caller })
  for (const { profile } of supervisor.state().open.values()) {
    const { id: agentId, caller: launcher, onHostExit } = profile
    if (launcher === caller && onHostExit === 'kill')
      supervisor.dispatch({ type: 'stop-requested', at, agentId, by: caller })
  }
}

/** Records the turn of a host's session in which the host calls a tool. Ignores calls of agents, because agents are not woken. */
export function recordHostTurn(supervisor: Supervisor, caller: string, turn: HostTurn): void {
  const known = supervisor.state().callers.get(caller)
  if (!known || known.depth > 0 || (known.turn?.thread === turn.thread && known.turn.id === turn.id)) return
  supervisor.dispatch({ type: 'host-turn-seen', at: supervisor.clock.now(), caller, turn })
}
