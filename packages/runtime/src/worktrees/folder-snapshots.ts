import type { AgentChanges } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { getAgentAuthority, type Agent, type Supervisor } from '@subagent-mcp/core'
import { findProjectRoot, type Environment } from '@subagent-mcp/driver-kit'
import type { ApplyOutcome, WorktreeStore } from '@subagent-mcp/worktree'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { settleAndLogFailure } from '../log-failure.js'

/** The states of folders before agents that work without a worktree edited there, so that their changes can be shown and undone. */
export type FolderSnapshots = {
  /** Keeps the files before the first session of an agent that may edit them. Never rejects. */
  keep(agent: Pick<Agent, 'profile' | 'actor'>): Promise<void>
  /** Finds files that others edited since the last turn of the agent. Undefined if there is nothing to wait for. Never rejects. */
  beginTurn(id: string): Promise<void> | undefined
  has(id: string): boolean
  /** Returns the changes made during the turns of the agent. @throws SubagentError */
  changes(id: string): Promise<AgentChanges>
  /** Undoes the changes made during the turns of the agent, all or none. @throws SubagentError */
  undo(id: string): Promise<ApplyOutcome>
  /** Deletes the states of agents that are not known any more. */
  tidy(isKnown: (id: string) => boolean): Promise<void>
  stop(): void
}

type Parts = {
  store: Pick<WorktreeStore, 'states'>
  supervisor: Supervisor
  /** The environment of a caller, in which git is found. */
  environmentOf(caller: string): Environment
  log(line: string): void
}

/** Keeps the states of folders, compares their files before and after each turn of an agent, and deletes the states of deleted agents. */
export function createFolderSnapshots({
  store: { states },
  supervisor,
  environmentOf,
  log,
}: Parts): FolderSnapshots {
  const problems = new Map<string, string>()
  const forget = (id: string): Promise<void> =>
    settleAndLogFailure(`cannot forget the state of ${id}`, states.forget(id), log)
  const hadTurn = (id: string): boolean => (supervisor.state().agents.get(id)?.turns.length ?? 0) > 0
  const stop = followAgents(supervisor, {
    onRest: (id) => {
      if (states.has(id)) void settleAndLogFailure(`cannot note the files of ${id}`, states.note(id), log)
    },
    onDeleted: (id) => void forget(id),
  })
  return {
    keep: async ({ profile, actor }) => {
      const { id, cwd } = profile
      if (!mayEdit(supervisor, profile) || (states.has(id) && hadTurn(id))) return
      try {
        await states.keep({ id, cwd, environment: environmentOf(actor) })
      } catch (error) {
        problems.set(id, error instanceof Error ? error.message : String(error))
      }
    },
    // Before the agent's first turn the state of the files was kept a moment ago.
    beginTurn: (id) =>
      hadTurn(id) && states.has(id)
        ? settleAndLogFailure(`cannot compare the files before a turn of ${id}`, states.begin(id), log)
        : undefined,
    has: states.has,
    changes: async (id) => {
      if (!states.has(id)) throw notKept(id, problems.get(id))
      return changesIn(states, id)
    },
    undo: async (id) => {
      if (!states.has(id)) throw notKept(id, problems.get(id))
      return states.undo(id)
    },
    tidy: async (isKnown) => {
      for (const id of states.ids()) if (!isKnown(id)) await forget(id)
    },
    stop,
  }
}

/**
 * Calls back when an agent has no running turn, also at its first fact after a restart, and when an agent was deleted. Returns a
 * function that stops this.
 */
function followAgents(
  { state, subscribe }: Supervisor,
  { onRest, onDeleted }: Record<'onRest' | 'onDeleted', (id: string) => void>,
): () => void {
  const resting = new Map<string, boolean>()
  return subscribe((fact) => {
    if (fact.type === 'agents-pruned')
      for (const id of fact.agentIds) {
        resting.delete(id)
        onDeleted(id)
      }
    if (!('agentId' in fact)) return
    const { agentId: id } = fact
    const phase = state().agents.get(id)?.phase
    // A session that closes may still write files.
    const rests = phase?.status === 'idle' || phase?.status === 'ended'
    if (phase === undefined || rests === resting.get(id)) return
    resting.set(id, rests)
    if (rests) onRest(id)
  })
}

function notKept(
  id: string,
  problem = 'it only reads, it works in no git checkout, or it is too old',
): SubagentError {
  const message = `the files before the work of agent '${id}' are not kept: ${problem}`
  return new SubagentError('invalid-parameter', message, {
    hint: 'git diff shows what is not committed in its folder',
  })
}

async function changesIn(states: WorktreeStore['states'], id: string): Promise<AgentChanges> {
  const { files, patch, patchCut, tree, left } = await states.changes(id)
  const { root, folder } = await placeOf(states, id)
  const cut = patchCut && { patchCut: true as const }
  return { id, folder, source: root, inPlace: true, files, patch, ...cut, tree, left }
}

async function placeOf(
  states: WorktreeStore['states'],
  id: string,
): Promise<{ root: string; folder: string }> {
  const place = await states.inspect(id)?.place()
  return place ? { root: place.root, folder: join(place.root, place.folder) } : { root: '', folder: '' }
}

/** Whether an agent may edit a checkout directly. Tasks and workers keep nothing: their folders see many turns of many senders. */
function mayEdit({ state }: Supervisor, profile: Agent['profile']): boolean {
  if (profile.source !== undefined || profile.pool !== undefined) return false
  if (state().callers.get(profile.caller)?.worker || getAgentAuthority(profile).preset === 'read-only')
    return false
  return existsSync(join(findProjectRoot(profile.cwd), '.git'))
}
