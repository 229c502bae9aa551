import type { ChangeActionAnswer, Changes } from '@subagent-mcp/api'
import { defined, SubagentError } from '@subagent-mcp/contract'
import { callerOf, isInTurn, isRunning, stopAgent, type Agent, type Supervisor } from '@subagent-mcp/core'
import type { ChangeAction, ChangesPort } from '@subagent-mcp/mcp-server'
import { join } from 'node:path'
import type { AgentWorktrees } from './agent-worktrees.js'

type Parts = {
  supervisor: Supervisor
  caller: string
  /** Whether the request is a person's: a command or an HTTP request, outside of agent sessions. */
  isPerson: boolean
  /** Finds an agent of the caller. @throws SubagentError `unknown-agent` */
  find(word: string): Agent
  worktrees: AgentWorktrees
  /** Returns the files that several agents edited in parallel. */
  shared: ChangesPort['shared']
}

/** Creates the operations of one caller on the changes of its agents. */
export function createCallerChanges(parts: Parts): ChangesPort {
  const { worktrees, shared } = parts
  return {
    show: async (word) => worktrees.changes(idOf(parts, word)),
    act: async (word, action) => {
      const id = idOf(parts, word)
      checkAtRest(parts, id)
      const changes = await worktrees.changes(id)
      checkMayAct(parts, changes, action)
      switch (action.type) {
        case 'apply':
          return applied(parts, id)
        case 'branch': {
          const { commit } = await worktrees.branch(id, action.name)
          return { branch: { name: action.name, commit } }
        }
        case 'discard':
          return discarded(parts, id)
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
    if (!isUnknown || callerOf(supervisor.state(), caller, '').depth > 0) throw error
    return word
  }
}

/** Checks that no turn runs, because half of an edit must not be delivered. @throws SubagentError `already-running` */
function checkAtRest({ supervisor }: Parts, id: string): void {
  const agent = supervisor.state().agents.get(id)
  if (!agent || (!isRunning(agent) && !isInTurn(agent.phase))) return
  throw new SubagentError('already-running', `agent '${id}' is at work in its worktree`, {
    hint: 'wait for it, or kill_agent',
  })
}

async function applied({ worktrees }: Parts, id: string): Promise<ChangeActionAnswer> {
  const outcome = await worktrees.apply(id)
  if (outcome.type === 'conflicts') return { conflicts: outcome.conflicts }
  return { applied: outcome.files, ...(outcome.baseMoved && { baseMoved: true }) }
}

/** Ends the agent, whose folder goes, then deletes the worktree with its changes. */
async function discarded(parts: Parts, id: string): Promise<ChangeActionAnswer> {
  const { supervisor, caller, worktrees } = parts
  const agent = supervisor.state().agents.get(id)
  if (agent && agent.phase.status !== 'ended') await stopAgent(supervisor, caller, id)
  await worktrees.discard(id)
  return { discarded: true }
}

/**
 * Checks that a model may write these changes to the checkout: each as a call of its own would be judged. A host may do what it
 * could allow to an agent, an agent only what it may do unasked. A person may do all. @throws SubagentError `needs-person`
 */
function checkMayAct(parts: Parts, changes: Changes, action: ChangeAction): void {
  const { supervisor, caller, isPerson } = parts
  if (isPerson || action.type === 'discard') return
  const { depth, project, authority, folder } = callerOf(supervisor.state(), caller, changes.source)
  const about = {
    provider: 'claude',
    cwd: depth > 0 ? (folder ?? project) : changes.source,
    project,
    authority,
  }
  const refused = callsOf(changes, action).flatMap(({ request, what }) => {
    const { verdict, by, humanOnly } = { humanOnly: undefined, ...supervisor.judge(request, about) }
    const isAllowed = verdict === 'allow' || (verdict === 'ask' && depth === 0 && !humanOnly)
    return isAllowed ? [] : [`${what} (${by})`]
  })
  if (refused.length === 0) return
  const more = refused.length > mostNamed ? [`and ${refused.length - mostNamed} more`] : []
  const named = [...refused.slice(0, mostNamed), ...more].join('; ')
  throw new SubagentError('needs-person', `you may not change ${named}; nothing was changed`, {
    hint: `let the user do it: subagent-mcp changes ${changes.id} --${action.type}${action.type === 'branch' ? ` ${action.name}` : ''}`,
  })
}

const mostNamed = 5

type JudgedCall = { request: { tool: string; input: unknown }; what: string }

/** The tool calls, in the names of Claude, that would do the same as an action. */
function callsOf({ source, files }: Changes, action: ChangeAction): JudgedCall[] {
  if (action.type === 'branch') {
    const command = `git branch ${action.name}`
    return [{ request: { tool: 'Bash', input: { command } }, what: `the branch ${action.name}` }]
  }
  const paths = files.flatMap(({ path, from }) => [path, ...Object.values(defined({ from }))])
  return paths.map((path) => ({
    request: { tool: 'Edit', input: { file_path: join(source, path) } },
    what: path,
  }))
}
