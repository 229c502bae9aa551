import type { AgentChanges, ChangeCount, ListedWorktree, TurnCheckResult } from '@subagent-mcp/api'
import { omitUndefined, isPathInside, SubagentError } from '@subagent-mcp/contract'
import { createUnusedAgentId, type Agent, type AgentsState, type Supervisor } from '@subagent-mcp/core'
import { findProjectRoot, settlesWithin, type Environment } from '@subagent-mcp/driver-kit'
import type { ChangeCounts } from '@subagent-mcp/mcp-server'
import {
  openWorktreeStore,
  type ApplyOutcome,
  type AgentWorkInspection,
  type Worktree,
  type WorktreeInfo,
  type WorktreeSetUp,
  type WorktreeStore,
} from '@subagent-mcp/worktree'
import { sep } from 'node:path'
import { checkResultInCheckout } from '../acceptance/check-result-in-checkout.js'
import type { GateRunner } from '../acceptance/run-gate-command.js'
import { createFolderSnapshots, type FolderSnapshots } from './folder-snapshots.js'
import { describeMissingSetUp, setUpWorktree } from './set-up-worktree.js'
import { createWorktreeSizeCap } from './worktree-size-cap.js'
import { createWorktreeTidying } from './worktree-tidying.js'

export type WorktreeSettings = {
  /** The folder of all worktrees. It is outside the state folder, all of whose files count as credentials. */
  folder: string
  /** The environment in which git is found for worktrees that exist. */
  environment: Environment
  /** Globs of ignored files that are copied into each worktree. Default: none. */
  include?: readonly string[]
  /**
   * Returns what the user decided on the packages of worktrees of a checkout, by its real path; `false`: nothing, and do not ask.
   * Default: undecided.
   */
  setUpOf?: (root: string) => WorktreeSetUp | false | undefined
  /** The real paths of the checkouts whose agents work in worktrees by default. Default: none. */
  projects?: readonly string[]
  /** The days after which changes that nobody took are packed into a git bundle. Default: 30. */
  keepDays?: number
  /** The most gigabytes (of 1024³ bytes) of all worktrees; beyond it launches are refused. Default: 20. */
  maxGigabytes?: number
}

/** The worktrees of a runtime's agents. A worktree has the id of its agent, and may outlive it. */
export type AgentWorktrees = {
  /** Whether agents whose folder is in this checkout work in worktrees by default. */
  isDefault(folder: string): boolean
  /** Makes a private copy of the checkout around `cwd` for an agent to come. @throws SubagentError */
  create(options: { cwd: string; environment: Environment }): Promise<Worktree>
  /**
   * Describes what new worktrees of the checkout around a folder need before its tests run; undefined if the user has decided, or
   * nothing is needed.
   */
  missing(folder: string): string | undefined
  /** Returns the changes of an agent: in its worktree those not yet applied, in a checkout all. @throws SubagentError */
  changes(id: string): Promise<AgentChanges>
  apply(id: string): Promise<ApplyOutcome>
  /** Takes the changes of an agent without a worktree back. @throws SubagentError */
  undo(id: string): Promise<ApplyOutcome>
  /** Runs the commands of an agent's `accept` in the checkout, and grades its last result by them. @throws SubagentError */
  checkAgain(of: { id: string; environment: Environment }): Promise<TurnCheckResult>
  /** Keeps the files before the first session of an agent that edits them without a worktree. Never rejects. */
  keepState: FolderSnapshots['keep']
  beginTurn: FolderSnapshots['beginTurn']
  /** Opens the work of an agent for checks; undefined if neither a worktree nor a kept state of it exists. */
  inspect(id: string): Promise<AgentWorkInspection | undefined>
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
  /** The environment of a caller, in which git is found. */
  environmentOf(caller: string): Environment
  /** The runner of the commands that set up new worktrees. */
  machine: GateRunner
  log(line: string): void
}

/**
 * Opens the worktrees of a runtime: undoes what a killed process left half done, then removes regularly what nobody needs. All
 * functions wait for the former.
 */
export function createAgentWorktrees(parts: Parts): AgentWorktrees {
  const { settings, supervisor, hasAgent, machine, log } = parts
  const { folder, environment, include = [], projects = [], keepDays = 30, maxGigabytes = 20 } = settings
  const store = openWorktreeStore({ folder, environment })
  const kept = createFolderSnapshots({ ...parts, store })
  const inCreation = new Set<string>()
  const { recovered, tidyNow, stop } = createWorktreeTidying({
    ...{ store, kept, supervisor, log, maxAgeMs: keepDays * day },
    isKnown: (id) => inCreation.has(id) || hasAgent(id),
  })
  const cap = createWorktreeSizeCap({ store, mostBytes: maxGigabytes * 2 ** 30, tidy: tidyNow })
  const create: AgentWorktrees['create'] = async (options) => {
    await recovered
    await cap.makeRoom()
    const isTaken = async (id: string): Promise<boolean> =>
      inCreation.has(id) || (await store.find(id)) !== undefined
    const id = await freeId(supervisor, isTaken)
    inCreation.add(id)
    const setUp = settings.setUpOf?.(findProjectRoot(options.cwd)) || {}
    const copied = [...include, ...(setUp.include ?? [])]
    try {
      const worktree = await store.create({ ...options, id, include: copied })
      if (setUp.run !== undefined)
        await setUpWorktree(worktree, { ...options, run: setUp.run, store, machine })
      cap.add(id)
      return worktree
    } finally {
      // Within this time the launch that makes the worktree is journaled or has failed.
      supervisor.clock.after(launchTime, () => inCreation.delete(id))
    }
  }
  return {
    missing: (place) => describeMissingSetUp(settings, findProjectRoot(place)),
    isDefault: (place) => projects.length > 0 && projects.includes(findProjectRoot(place)),
    create,
    keepState: async (agent) => {
      await recovered
      await kept.keep(agent)
    },
    beginTurn: kept.beginTurn,
    checkAgain: (of) => checkResultInCheckout({ supervisor, machine, states: store.states }, of),
    ...changeOperations({ store, kept, recovered, supervisor, log }),
    close: () => {
      kept.stop()
      stop()
    },
  }
}

type ChangeParts = {
  store: WorktreeStore
  kept: FolderSnapshots
  /** Resolves when the half-done work of killed processes on worktrees is undone. */
  recovered: Promise<void>
} & Pick<Parts, 'supervisor' | 'log'>

type ChangeOperations = Pick<
  AgentWorktrees,
  'changes' | 'apply' | 'branch' | 'discard' | 'undo' | 'inspect' | 'counts' | 'list'
>

/** Creates the operations on the changes of agents, in worktrees and in checkouts. */
function changeOperations({ store, kept, recovered, supervisor, log }: ChangeParts): ChangeOperations {
  const find = async (id: string): Promise<Worktree> => {
    await recovered
    const found = await store.find(id)
    if (!found) throw noWorktree(id, supervisor)
    return found
  }
  const changes = async (id: string): Promise<AgentChanges> => {
    await recovered
    if (isInCheckout(supervisor, id)) return kept.changes(id)
    const { folder: place, source } = await find(id)
    const { files, patch, patchCut, tree, left } = await store.changes(id)
    return { id, folder: place, source, files, patch, ...(patchCut && { patchCut }), tree, left }
  }
  return {
    changes,
    apply: async (id) => store.apply((await find(id)).id),
    branch: async (id, name) => store.branch((await find(id)).id, name),
    discard: async (id) => {
      await recovered
      await store.discard(id)
    },
    undo: kept.undo,
    inspect: async (id) => {
      await recovered
      return store.inspect(id)
    },
    counts: (agents) => countsOf(agents, { changes, log }),
    list: async () => {
      await recovered
      return withNames(await store.list(), supervisor)
    },
  }
}

/** Whether an agent that is known works in no worktree. */
function isInCheckout({ state }: Supervisor, id: string): boolean {
  const agent = state().agents.get(id)
  return agent !== undefined && agent.profile.source === undefined
}

/** The worktrees of a runtime without a folder for them: each use is refused. */
export const disabledWorktrees: AgentWorktrees = {
  isDefault: () => false,
  ...{ create: refused, changes: refused, apply: refused, branch: refused, discard: refused, undo: refused },
  keepState: () => Promise.resolve(),
  beginTurn: () => undefined,
  missing: () => undefined,
  inspect: () => Promise.resolve(undefined),
  checkAgain: refused,
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
export function findSourceProject(state: AgentsState, folder: string): string {
  const root = findProjectRoot(folder)
  // The path of a worktree has the id of its agent.
  const named = root.split(sep).flatMap((name) => state.agents.get(name)?.profile ?? [])
  const { source } = named.find((own) => own.source !== undefined && isPathInside(root, own.cwd)) ?? {}
  return source === undefined ? root : findSourceProject(state, source)
}

/** The milliseconds after which an answer is sent without the number of changes. */
const countTime = 10_000

async function countsOf(
  agents: readonly Agent[],
  { changes, log }: { changes: AgentWorktrees['changes'] } & Pick<Parts, 'log'>,
): Promise<ChangeCounts> {
  const counts = new Map<string, ChangeCount>()
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

function countOf({ files }: Pick<AgentChanges, 'files'>): ChangeCount {
  const sum = (key: 'added' | 'removed'): number => files.reduce((total, file) => total + (file[key] ?? 0), 0)
  return { files: files.length, added: sum('added'), removed: sum('removed') }
}

/** Returns an id that neither an agent nor a worktree has. A worktree may have outlived an earlier agent. */
async function freeId(supervisor: Supervisor, isTaken: (id: string) => Promise<boolean>): Promise<string> {
  const id = createUnusedAgentId(supervisor)
  return (await isTaken(id)) ? freeId(supervisor, isTaken) : id
}

function withNames(listed: readonly WorktreeInfo[], { state }: Supervisor): readonly ListedWorktree[] {
  const { agents } = state()
  return listed
    .map((tree) => ({ ...tree, ...omitUndefined({ agentName: agents.get(tree.id)?.profile.name }) }))
    .toSorted((one, other) => one.createdAt - other.createdAt)
}

function noWorktree(id: string, { state }: Supervisor): SubagentError {
  const agent = state().agents.get(id)
  if (agent === undefined) {
    const hint = 'subagent-mcp worktrees lists those that there are'
    return new SubagentError('unknown-agent', `there is no agent or worktree '${id}'`, { hint })
  }
  return new SubagentError('invalid-parameter', `the worktree of agent '${id}' is gone`, {
    hint: 'it was discarded or packed, or all of its changes were taken: subagent-mcp worktrees',
  })
}
