import type { AgentSummary, PendingPermissionRequest } from '@subagent-mcp/api'
import type { UserPermissionAnswer } from '@subagent-mcp/core'
import type { AgentList } from '../commands/agent/agent-list.js'
import { isAgentBusy, formatAgentModel } from '../terminal/agent-lines.js'
import type { ScreenKey, ScreenSize } from '../terminal/screen.js'
import type { TextTone } from '../terminal/paint.js'

/** The state of the screen of `subagent-mcp top`. */
export type TopState = {
  size: ScreenSize
  /** The agents as the daemon reported them at `asOf` (Unix ms); absent until it has. */
  list?: AgentList
  asOf: number
  /** The id of the selected agent; without one the first agent is selected. */
  selected?: string
  /** Only agents that contain this text are shown. */
  filter: string
  /** The outcome of the person's last action. */
  notice: string
  mode: TopMode
}

/** The part of the screen that takes the keys. */
export type TopMode =
  | { type: 'agents' }
  | { type: 'filter'; input: string }
  | { type: 'send'; agentId: string; input: string }
  | { type: 'kill'; agentId: string }
  | TopPage
  | TopQuestion

/** Text that a person scrolls through: an agent's transcript, its changes, or the help. */
export type TopPage = {
  type: 'page'
  /** Key of the text: a late answer of the daemon finds its page by this key. */
  key: string
  title: string
  lines: readonly PageLine[]
  /** The first shown row of the wrapped text; `end` shows its end, also when it grows. */
  from: number | 'end'
}

export type PageLine = { text: string; tone: TextTone }

/**
 * A permission request that a person reads and answers. `isRead`: the end of the call was on the screen. Only then the call can be
 * allowed, because its danger may stand at its end.
 */
export type TopQuestion = {
  type: 'question'
  question: PendingPermissionRequest
  lines: readonly PageLine[]
  from: number
  isRead: boolean
  input: string
  problem: string
}

/** An event for `top`: a key, or news of the daemon. */
export type TopEvent =
  | { type: 'key'; key: ScreenKey }
  | { type: 'resized'; size: ScreenSize }
  | { type: 'agents-listed'; list: AgentList; asOf: number }
  | { type: 'page-opened'; page: TopPage }
  | { type: 'page-grown'; key: string; lines: readonly PageLine[] }
  | { type: 'question-read'; question: PendingPermissionRequest; lines: readonly PageLine[] }
  | { type: 'noted'; text: string }

/** An action of `top` besides drawing. */
export type TopEffect =
  | { type: 'quit'; code: number }
  | { type: 'suspend' | 'redraw' | 'close-transcript' }
  | { type: 'open-transcript'; agentId: string }
  | TopDaemonRequest

/** A request to the daemon whose outcome is shown. */
export type TopDaemonRequest =
  | { type: 'read-changes' | 'read-question' | 'kill'; agentId: string }
  | { type: 'answer'; question: PendingPermissionRequest; answer: UserPermissionAnswer }
  | { type: 'send'; agentId: string; text: string }

export type TopStep = readonly [TopState, ...TopEffect[]]

/** A group of agents on the screen of `top`, such as those that ask for permission. */
export type TopAgentGroup = { name: string; agents: readonly AgentSummary[] }

/** Returns the key of the page for whose text an effect asks. */
export function getTopPageKey(effect: TopEffect['type'], agentId: string): string {
  return `${effect} ${agentId}`
}

/** Returns the state before anything is known. */
export function createInitialTopState(size: ScreenSize): TopState {
  return { size, asOf: 0, filter: '', notice: '', mode: { type: 'agents' } }
}

/**
 * Groups the agents that pass the filter: those that ask for a permission, by newest question; those that work, before those that
 * wait to start; and those that are done. Groups without agents are left out.
 */
export function groupAgents({
  list,
  filter,
  mode,
}: Pick<TopState, 'list' | 'filter' | 'mode'>): TopAgentGroup[] {
  const wanted = (mode.type === 'filter' ? mode.input : filter).toLowerCase()
  const agents = (list?.shown ?? []).filter((agent) => wanted === '' || searchText(agent).includes(wanted))
  const needs = agents.filter(asksPermission).toSorted((one, other) => newestNeed(other) - newestNeed(one))
  const others = agents.filter((agent) => !asksPermission(agent))
  const busy = others.filter(isAgentBusy)
  return [
    { name: 'Needs you', agents: needs },
    { name: 'Working', agents: [...busy.filter(isRunning), ...busy.filter((agent) => !isRunning(agent))] },
    { name: 'Done', agents: others.filter((agent) => !isAgentBusy(agent)) },
  ].filter((group) => group.agents.length > 0)
}

/** Whether an agent waits for an answer of a person or a caller. */
export function asksPermission({ permissions }: AgentSummary): boolean {
  return permissions.length > 0
}

/** Returns the selected agent of these groups: the first if the selected one is not among them. */
export function findSelectedAgent(
  groups: readonly TopAgentGroup[],
  selected: string | undefined,
): AgentSummary | undefined {
  const agents = groups.flatMap((group) => group.agents)
  return agents.find(({ id }) => id === selected) ?? agents[0]
}

function isRunning({ status }: AgentSummary): boolean {
  return status !== 'queued'
}

function newestNeed({ permissions }: AgentSummary): number {
  return Math.max(...permissions.map(({ askedAt }) => askedAt))
}

function searchText(agent: AgentSummary): string {
  const { id, name = '', project, cwd, status } = agent
  return [id, name, formatAgentModel(agent), project, cwd, status].join('\n').toLowerCase()
}
