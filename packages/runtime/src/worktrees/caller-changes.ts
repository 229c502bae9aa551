import type { ChangeActionAnswer, AgentChanges } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import {
  getCallerState,
  isAgentInTurn,
  willAgentReportUnprompted,
  stopAgent,
  type Agent,
  type Supervisor,
} from '@subagent-mcp/core'
import { revealInvisibleCharacters, type ChangeAction, type ChangesPort } from '@subagent-mcp/mcp-server'
import { join } from 'node:path'
import { gradeMergedResult } from '../acceptance/grade-result.js'
import type { AgentWorktrees } from './agent-worktrees.js'

type Parts = {
  supervisor: Supervisor
  caller: string
  /** Whether a person sends the request: by a command or over HTTP, outside of agent sessions. */
  isPerson: boolean
  /** Finds an agent of the caller. @throws SubagentError `unknown-agent` */
  find(word: string): Agent
  worktrees: AgentWorktrees
  /** Returns the files that several agents edited in parallel. */
  shared: ChangesPort['shared']
}

export function createCallerChanges(parts: Parts): ChangesPort {
  const { supervisor, caller, worktrees, shared } = parts
  return {
    show: async (word) => worktrees.changes(idOf(parts, word)),
    act: async (word, action) => {
      const id = idOf(parts, word)
      checkAtRest(parts, id)
      if (action.type === 'check') {
        const { grade, why } = await worktrees.checkAgain({
          id,
          environment: supervisor.environmentOf(caller),
        })
        return { check: { grade, ...(why && { why }) } }
      }
      const changes = await worktrees.changes(id)
      checkForm(changes, action)
      checkMayAct(parts, changes, action)
      switch (action.type) {
        case 'apply':
          return applied(parts, changes)
        case 'branch': {
          const { commit } = await worktrees.branch(id, action.name)
          return { branch: { name: action.name, commit } }
        }
        case 'discard':
          return discarded(parts, id)
        case 'undo': {
          const outcome = await worktrees.undo(id)
          return outcome.type === 'conflicts' ? { conflicts: outcome.conflicts } : { undone: outcome.files }
        }
      }
    },
    counts: worktrees.counts,
    shared,
  }
}

/** The id of the worktree of an agent. For hosts and people also that of a worktree whose agent is deleted. */
function idOf({ supervisor, caller, find }: Parts, word: string): string {
  try {
    return find(word).profile.id
  } catch (error) {
    const isUnknown = error instanceof SubagentError && error.code === 'unknown-agent'
    if (!isUnknown || getCallerState(supervisor.state(), caller, '').depth > 0) throw error
    return word
  }
}

/** Checks that no turn runs, because half of an edit must not be delivered. @throws SubagentError `already-running` */
function checkAtRest({ supervisor }: Parts, id: string): void {
  const agent = supervisor.state().agents.get(id)
  if (!agent || (!willAgentReportUnprompted(agent) && !isAgentInTurn(agent.phase))) return
  throw new SubagentError('already-running', `agent '${id}' is at work`, {
    hint: 'wait until its turn has ended, or use kill_agent',
  })
}

/** Checks that the action is one for the agent's worktree, or for the checkout that it edits itself. @throws SubagentError */
function checkForm({ id, folder, inPlace }: AgentChanges, { type }: ChangeAction): void {
  if (inPlace ? type === 'undo' : type !== 'undo') return
  throw inPlace
    ? new SubagentError(
        'invalid-parameter',
        `${type}: agent '${id}' has no worktree, it works in ${folder}`,
        {
          hint: 'the folder has its changes already; action undo takes them back',
        },
      )
    : new SubagentError('invalid-parameter', `undo: agent '${id}' works in a worktree`, {
        hint: 'action discard deletes its changes; what was applied is in your checkout, where git shows it',
      })
}

async function applied({ supervisor, worktrees }: Parts, { id }: AgentChanges): Promise<ChangeActionAnswer> {
  const outcome = await worktrees.apply(id)
  if (outcome.type === 'conflicts') return { conflicts: outcome.conflicts }
  if (!outcome.baseMoved) return { applied: outcome.files }
  gradeMerged(supervisor, id)
  return { applied: outcome.files, baseMoved: true }
}

/** Lowers the grade of a result that was merged with other files: its commands and its review were about the files before. */
function gradeMerged({ state, dispatch, clock }: Supervisor, agentId: string): void {
  const turn = state().agents.get(agentId)?.turns.at(-1)
  if (!turn?.check) return
  const { grade, why } = gradeMergedResult(turn.check.evidence)
  if (grade === turn.check.grade) return
  const check = { ...turn.check, grade, why }
  dispatch({ type: 'result-graded', at: clock.now(), agentId, turnId: turn.id, check })
}

/** Ends the agent, because its folder will be deleted; then deletes the worktree with its changes. */
async function discarded(parts: Parts, id: string): Promise<ChangeActionAnswer> {
  const { supervisor, caller, worktrees } = parts
  const agent = supervisor.state().agents.get(id)
  if (agent && agent.phase.status !== 'ended') await stopAgent(supervisor, caller, id)
  await worktrees.discard(id)
  return { discarded: true }
}

/**
 * Checks that a model may do this to the checkout. It may apply what its own authority lets it edit unasked, file by file, and make
 * a branch unless it may only read. A person may do all. @throws SubagentError `needs-person`
 */
function checkMayAct(
  { supervisor, caller, isPerson }: Parts,
  changes: AgentChanges,
  action: ChangeAction,
): void {
  if (isPerson || action.type === 'discard') return
  const { id, source } = changes
  const { depth, project, authority, folder } = getCallerState(supervisor.state(), caller, source)
  if (action.type === 'branch') {
    if (authority.preset === 'read-only')
      throw needsPerson('make a branch: you may only read', `${id} --branch ${action.name}`)
    return
  }
  const about = { provider: 'claude', cwd: depth > 0 ? (folder ?? project) : source, project, authority }
  const refused = changedPaths(changes).flatMap((path) => {
    const input = { file_path: join(source, path) }
    const { verdict, by } = supervisor.judge({ tool: 'Edit', input }, about)
    return verdict === 'allow' ? [] : [`${revealInvisibleCharacters(path, Infinity)} (${by})`]
  })
  if (refused.length === 0) return
  const more = refused.length > mostNamed ? [`and ${refused.length - mostNamed} more`] : []
  const named = [...refused.slice(0, mostNamed), ...more].join('; ')
  throw needsPerson(`change ${named}; nothing was changed`, `${id} --${action.type}`)
}

const mostNamed = 5

function needsPerson(what: string, words: string): SubagentError {
  const hint = `let the user do it: subagent-mcp changes ${words}`
  return new SubagentError('needs-person', `you may not ${what}`, { hint })
}

function changedPaths({ files }: AgentChanges): readonly string[] {
  return files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]))
}
