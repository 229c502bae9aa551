import type { Changes } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { authorityOf, isInTurn, isRunning, type Agent, type Supervisor } from '@subagent-mcp/core'
import { projectOf, type Environment } from '@subagent-mcp/driver-kit'
import type { ApplyOutcome, WorktreeStore } from '@subagent-mcp/worktree'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { logDiskFailure } from './log-disk-failure.js'

/** The states of folders before agents that work without a worktree edited there, so that their changes can be shown and undone. */
export type KeptStates = {
  /** Keeps the files before the first session of an agent that may edit them. Never rejects. */
  keep(agent: Pick<Agent, 'profile' | 'actor'>): Promise<void>
  has(id: string): boolean
  /** Returns what changed from before the agent's first edit until the end of its last turn. @throws SubagentError */
  changes(id: string): Promise<Changes>
  /** Takes these changes back, all of them or none. @throws SubagentError */
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

/** Keeps the states of folders, notes their files after each turn of an agent, and deletes the states of deleted agents. */
export function createKeptStates({ store: { states }, supervisor, environmentOf, log }: Parts): KeptStates {
  const problems = new Map<string, string>()
  const forget = (id: string): Promise<void> =>
    logDiskFailure(`forget the state of ${id}`, states.forget(id), log)
  const stop = followTurns(supervisor, {
    onTurnOver: (id) => {
      if (states.has(id)) void logDiskFailure(`note the files of ${id}`, states.note(id), log)
    },
    onDeleted: (id) => void forget(id),
  })
  return {
    keep: async ({ profile, actor }) => {
      const { id, cwd } = profile
      if (!mayEdit(supervisor, profile) || states.has(id)) return
      try {
        await states.keep({ id, cwd, environment: environmentOf(actor) })
      } catch (error) {
        problems.set(id, error instanceof Error ? error.message : String(error))
      }
    },
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

/** Calls back when a turn of an agent is over, and when an agent was deleted. Returns a function that stops this. */
function followTurns(
  { state, subscribe }: Supervisor,
  { onTurnOver, onDeleted }: { onTurnOver: (id: string) => void; onDeleted: (id: string) => void },
): () => void {
  const inTurn = new Set<string>()
  return subscribe((fact) => {
    if (fact.type === 'agents-pruned') fact.agentIds.forEach(onDeleted)
    if (!('agentId' in fact)) return
    const agent = state().agents.get(fact.agentId)
    if (agent && (isRunning(agent) || isInTurn(agent.phase))) inTurn.add(fact.agentId)
    else if (inTurn.delete(fact.agentId)) onTurnOver(fact.agentId)
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

async function changesIn(states: WorktreeStore['states'], id: string): Promise<Changes> {
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
  if (state().callers.get(profile.caller)?.worker || authorityOf(profile).preset === 'read-only') return false
  return existsSync(join(projectOf(profile.cwd), '.git'))
}
