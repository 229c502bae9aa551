import type { Changes, ListedWorktree } from '@subagent-mcp/api'
import { defined, isInside, SubagentError } from '@subagent-mcp/contract'
import { freshAgentId, type Agent, type AgentsState, type Supervisor } from '@subagent-mcp/core'
import { projectOf, settlesWithin, type Environment } from '@subagent-mcp/driver-kit'
import type { ChangeCounts } from '@subagent-mcp/mcp-server'
import {
  openWorktreeStore,
  type ApplyOutcome,
  type WorkInspection,
  type Worktree,
  type WorktreeInfo,
} from '@subagent-mcp/worktree'
import { createTidying } from './tidy-regularly.js'

/** The settings of the worktrees in which agents work. */
export type WorktreeSettings = {
  /** The folder of all worktrees. It is outside the state folder, all of whose files count as credentials. */
  folder: string
  /** The environment in which git is found for worktrees that exist. */
  environment: Environment
  /** Globs of ignored files that are copied into each worktree. Default: none. */
  include?: readonly string[]
  /** The real paths of the checkouts whose agents work in worktrees by default. Default: none. */
  projects?: readonly string[]
  /** The days after which changes that nobody took are packed into a git bundle. Default: 30. */
  keepDays?: number
}

/** The worktrees of a runtime's agents. A worktree has the id of its agent, and may outlive it. */
export type AgentWorktrees = {
  /** Whether agents in this folder work in worktrees by default. */
  isDefault(folder: string): boolean
  /** Makes a private copy of the checkout around `cwd` for an agent to come. @throws SubagentError */
  create(options: { cwd: string; environment: Environment }): Promise<Worktree>
  /** Returns what is in the worktree and was not applied. @throws SubagentError for an unknown worktree */
  changes(id: string): Promise<Changes>
  apply(id: string): Promise<ApplyOutcome>
  /**
   * Keeps the files around `cwd` as they are now, for an agent to come that edits them without a worktree. Returns the id for the
   * agent. @throws SubagentError that says why they cannot be kept
   */
  keepState(options: { cwd: string; environment: Environment }): Promise<string>
  /** Deletes the kept state of an agent. */
  forgetState(id: string): Promise<void>
  /** Opens the work of an agent for checks; undefined if neither a worktree nor a kept state of it exists. */
  inspect(id: string): Promise<WorkInspection | undefined>
  branch(id: string, name: string): Promise<{ commit: string }>
  discard(id: string): Promise<void>
  /** Counts the changes of the agents that work in worktrees. Leaves out those that cannot be read. Never rejects. */
  counts(agents: readonly Agent[]): Promise<ChangeCounts>
  /** Lists the worktrees on disk, the oldest first. */
  list(): Promise<readonly ListedWorktree[]>
  /** Stops the regular removal of worktrees that nobody needs. */
  close(): void
}

type Parts = {
  settings: WorktreeSettings
  supervisor: Supervisor
  /** Whether an agent is known in the state, in this runtime or in another one. */
  hasAgent(id: string): boolean
  log(line: string): void
}

/**
 * Opens the worktrees of a runtime: undoes what a killed process left half done, then removes regularly what nobody needs. All
 * functions wait for the former.
 */
export function createAgentWorktrees({ settings, supervisor, hasAgent, log }: Parts): AgentWorktrees {
  const { folder, environment, include = [], projects = [], keepDays = 30 } = settings
  const store = openWorktreeStore({ folder, environment })
  const inCreation = new Set<string>()
  const { recovered, stop } = createTidying({
    ...{ store, supervisor, log, maxAgeMs: keepDays * day },
    isKnown: (id) => inCreation.has(id) || hasAgent(id),
  })
  const find = async (id: string): Promise<Worktree> => {
    await recovered
    const found = await store.find(id)
    if (!found) throw noWorktree(id, supervisor)
    return found
  }
  const changes = async (id: string): Promise<Changes> => {
    const { folder: place, source } = await find(id)
    const { files, patch, patchCut, tree, left } = await store.changes(id)
    return { id, folder: place, source, files, patch, ...(patchCut && { patchCut }), tree, left }
  }
  return {
    isDefault: (place) => projects.length > 0 && projects.includes(projectOf(place)),
    create: async (options) => {
      await recovered
      const id = await freeId(
        supervisor,
        async (one) => inCreation.has(one) || (await store.find(one)) !== undefined,
      )
      inCreation.add(id)
      try {
        return await store.create({ ...options, id, include })
      } finally {
        // The launch that follows is journaled within this time, or has failed.
        supervisor.clock.after(launchTime, () => inCreation.delete(id))
      }
    },
    keepState: async (options) => {
      await recovered
      const id = freshAgentId(supervisor)
      await store.states.keep({ ...options, id })
      return id
    },
    forgetState: (id) => store.states.forget(id),
    inspect: async (id) => {
      await recovered
      return store.inspect(id)
    },
    changes,
    apply: async (id) => store.apply((await find(id)).id),
    branch: async (id, name) => store.branch((await find(id)).id, name),
    discard: async (id) => {
      await recovered
      await store.discard(id)
    },
    counts: (agents) => countsOf(agents, { changes, log }),
    list: async () => {
      await recovered
      return withNames(await store.list(), supervisor)
    },
    close: stop,
  }
}

/** The worktrees of a runtime without a folder for them: each use is refused. */
export const noWorktrees: AgentWorktrees = {
  isDefault: () => false,
  ...{ create: refused, changes: refused, apply: refused, branch: refused, discard: refused },
  keepState: refused,
  forgetState: () => Promise.resolve(),
  inspect: () => Promise.resolve(undefined),
  counts: () => Promise.resolve(new Map()),
  list: () => Promise.resolve([]),
  close: () => undefined,
}

function refused(): Promise<never> {
  const hint = 'give createRuntime the option worktrees'
  return Promise.reject(new SubagentError('not-supported', 'this runtime makes no worktrees', { hint }))
}

const day = 86_400_000
const launchTime = 60_000

/**
 * Returns the project of a folder. For a folder in the worktree of an agent: the project of the checkout that the worktree was made
 * from, because mail, definitions and routing of the agent are those of that project.
 */
export function sourceProject(state: AgentsState, folder: string): string {
  const root = projectOf(folder)
  const agent = [...state.agents.values()].find(
    ({ profile }) => profile.source !== undefined && isInside(root, profile.cwd),
  )
  const source = agent?.profile.source
  return source === undefined ? root : sourceProject(state, source)
}

/** The milliseconds after which an answer is sent without the number of changes. */
const countTime = 10_000

async function countsOf(
  agents: readonly Agent[],
  { changes, log }: { changes: AgentWorktrees['changes'] } & Pick<Parts, 'log'>,
): Promise<ChangeCounts> {
  const counts = new Map<string, { files: number; added: number; removed: number }>()
  const isolated = new Set(
    agents.flatMap(({ profile }) => (profile.source === undefined ? [] : [profile.id])),
  )
  const counting = [...isolated].map(async (id) => {
    try {
      counts.set(id, countOf(await changes(id)))
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
      log(`cannot count the changes of agent ${id}: ${error.message}`)
    }
  })
  if (counting.length > 0) await settlesWithin(Promise.all(counting), countTime)
  return new Map(counts)
}

function countOf({ files }: Pick<Changes, 'files'>): { files: number; added: number; removed: number } {
  const sum = (key: 'added' | 'removed'): number => files.reduce((total, file) => total + (file[key] ?? 0), 0)
  return { files: files.length, added: sum('added'), removed: sum('removed') }
}

/** Returns an id that neither an agent nor a worktree has. A worktree may have outlived an earlier agent. */
async function freeId(supervisor: Supervisor, isTaken: (id: string) => Promise<boolean>): Promise<string> {
  const id = freshAgentId(supervisor)
  return (await isTaken(id)) ? freeId(supervisor, isTaken) : id
}

function withNames(listed: readonly WorktreeInfo[], { state }: Supervisor): readonly ListedWorktree[] {
  const { agents } = state()
  return listed
    .map((tree) => ({ ...tree, ...defined({ agentName: agents.get(tree.id)?.profile.name }) }))
    .toSorted((one, other) => one.createdAt - other.createdAt)
}

function noWorktree(id: string, { state }: Supervisor): SubagentError {
  const agent = state().agents.get(id)
  if (agent === undefined) {
    const hint = 'subagent-mcp worktrees lists those that there are'
    return new SubagentError('unknown-agent', `no agent and no worktree '${id}'`, { hint })
  }
  return agent.profile.source === undefined
    ? new SubagentError(
        'invalid-parameter',
        `agent '${id}' has no worktree: it works in ${agent.profile.cwd}`,
        {
          hint: 'launch agents with isolation worktree; its changes are in that folder already',
        },
      )
    : new SubagentError('invalid-parameter', `the worktree of agent '${id}' is gone`, {
        hint: 'it was discarded or packed, or all of its changes were taken: subagent-mcp worktrees',
      })
}
