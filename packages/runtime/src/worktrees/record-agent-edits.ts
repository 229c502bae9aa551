import type { SessionEvent } from '@subagent-mcp/contract'
import { isAgentInTurn, type Agent, type Supervisor } from '@subagent-mcp/core'
import type { SharedFileEdit } from '@subagent-mcp/mcp-server'
import { createDiskToolCallContext, parseToolCall } from '@subagent-mcp/permissions'

/** The most files that are remembered because several agents edited them. The oldest are dropped first. */
const mostShared = 100

/** A record of the files that agents edit, by their tool calls. `stop` ends the recording. */
export type AgentEditRecord = { shared(): readonly SharedFileEdit[]; stop(): void }

/**
 * Records which files agents edit, until `stop` is called, and finds those that one agent edited while the turn of another one that
 * had edited them ran. Edits by commands are found as far as their line names the file.
 */
export function recordAgentEdits(supervisor: Supervisor): AgentEditRecord {
  /** For each agent whose turn runs: the paths that it has edited in this turn, and those that its running calls edit. */
  const turns = new Map<string, { edited: Set<string>; calls: Map<string, readonly string[]> }>()
  let shared: readonly SharedFileEdit[] = []
  const note = (id: string, path: string): void => {
    const others = [...turns]
      .filter(([other, { edited }]) => other !== id && edited.has(path))
      .map(([other]) => other)
    turns.get(id)?.edited.add(path)
    if (others.length === 0) return
    const known = shared.find((edit) => edit.path === path)
    const agentIds = [...new Set([...(known?.agentIds ?? []), ...others, id])]
    shared = [...shared.filter((edit) => edit !== known), { path, agentIds }].slice(-mostShared)
  }
  const onEvent = (agent: Agent, event: SessionEvent): void => {
    const { id } = agent.profile
    if (event.type === 'tool-started') {
      const paths = editedPaths(agent, event)
      if (paths.length === 0) return
      const turn = turns.get(id) ?? { edited: new Set(), calls: new Map<string, readonly string[]>() }
      turns.set(id, { ...turn, calls: turn.calls.set(event.callId, paths) })
    }
    if (event.type === 'tool-ended') {
      const paths = turns.get(id)?.calls.get(event.callId) ?? []
      turns.get(id)?.calls.delete(event.callId)
      if (!event.failed) for (const path of paths) note(id, path)
    }
  }
  const stop = supervisor.subscribe((fact) => {
    if (!('agentId' in fact)) return
    const agent = supervisor.state().agents.get(fact.agentId)
    if (agent && fact.type === 'session-event-received') onEvent(agent, fact.event)
    if (!agent || !isAgentInTurn(agent.phase)) turns.delete(fact.agentId)
  })
  return { shared: () => shared, stop }
}

function editedPaths(
  { profile, route }: Agent,
  event: SessionEvent & { type: 'tool-started' },
): readonly string[] {
  const { actions } = parseToolCall(route.current.provider, event, createDiskToolCallContext(profile.cwd))
  return actions.flatMap((action) =>
    action.type === 'edit' || action.type === 'delete' ? [action.path] : [],
  )
}
