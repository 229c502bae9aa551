import type { AgentSummary } from '@subagent-mcp/api'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { describeDataLoss, readDataLosses } from '@subagent-mcp/journal'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { join } from 'node:path'
import { getStateFolderPath } from '../../settings/state-folder.js'
import {
  describeAgentFailure,
  isAgentBusy,
  formatAgentModel,
  agentStatusTones,
  describeUndeliveredMessages,
} from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import {
  formatCount,
  formatLocalDateTime,
  formatShortPath,
  formatShortTimeSpan,
} from '../../terminal/format.js'
import { listPermissionRequestMarks } from '../../terminal/questions/question-text.js'
import { formatTableLines, type TableColumn } from '../../terminal/table.js'
import type { TextOutput, Terminal } from '../../terminal/terminal.js'
import { cutSafeLine } from '../../terminal/text.js'

/** Which agents to list. `all`: also those that ended more than an hour ago. `here`: only those of this project. */
export type AgentFilter = { all: boolean; here: boolean }

/**
 * Agents, those at work first, then by newest launch; the number of older agents that are left out; and descriptions of facts
 * that the journal lost.
 */
export type AgentList = { shown: AgentSummary[]; hidden: number; losses?: readonly string[] }

/** Lists agents of the daemon, and describes facts that its journal has lost. */
export async function readAgentList(
  { all, here }: AgentFilter,
  { client, terminal }: CommandContext,
): Promise<AgentList> {
  const agents = await client.agents(here ? { project: findProjectRoot(terminal.cwd) } : {})
  const shown = agents.filter((agent) => all || isRecent(agent, terminal))
  const losses = readDataLosses(join(getStateFolderPath(terminal.environment), 'journal.db')).map(
    describeDataLoss,
  )
  const sorted = shown.toSorted((one, other) => other.launchedAt - one.launchedAt)
  return {
    shown: [...sorted.filter(isAgentBusy), ...sorted.filter((agent) => !isAgentBusy(agent))],
    hidden: agents.length - shown.length,
    losses,
  }
}

export function formatAgentListRemarks({ shown, hidden, losses = [] }: AgentList): string[] {
  const lost = describeDataLosses(losses)
  if (hidden > 0) return [...lost, `${hidden} more ended over an hour ago: subagent-mcp ps --all`]
  return [...lost, ...(shown.length > 0 ? [] : ['no agents; launch one: subagent-mcp run "<prompt>"'])]
}

/** Describes the facts that the journal has lost, until the user confirms that they were read. */
export function describeDataLosses(losses: readonly string[]): string[] {
  if (losses.length === 0) return []
  return [
    ...losses.map((loss) => `lost: ${loss}`),
    'once you have read this, subagent-mcp doctor --fix confirms it',
  ]
}

function isRecent(agent: AgentSummary, { now }: Pick<Terminal, 'now'>): boolean {
  return agent.alive || isAgentBusy(agent) || now() - (agent.endedAt ?? agent.launchedAt) < 3_600_000
}

/** The times that a table of agents depends on; `asOf` is when the daemon reported the agents. */
export type AgentTableContext = { now: number; asOf: number; home: string }

/** Renders agents as lines under their titles, none wider than the screen. */
export function renderAgentTable(
  agents: readonly AgentSummary[],
  time: AgentTableContext,
  screen: Pick<TextOutput, 'size' | 'paint'>,
): string[] {
  const dropFirst = ['FOLDER', 'TOKENS', 'TURNS', 'IDLE', 'AGE', 'MODEL']
  return formatTableLines(agents, { columns: createPsTableColumns(time), dropFirst }, screen)
}

export function createPsTableColumns({ now, asOf, home }: AgentTableContext): TableColumn<AgentSummary>[] {
  return [
    ['ID', ({ id }) => id, 'bold'],
    ['NAME', ({ name = '' }) => cutSafeLine(name, 24)],
    ['MODEL', shortenModelName],
    ['STATUS', ({ status }) => status.replace('_requested', '?'), ({ status }) => agentStatusTones[status]],
    ['AGE', ({ launchedAt }) => formatShortTimeSpan(now - launchedAt)],
    ['IDLE', ({ idleSeconds }) => formatShortTimeSpan(idleSeconds * 1000 + now - asOf)],
    ['TURNS', ({ turnCount }) => `${turnCount}`],
    ['TOKENS', formatAgentTokens],
    ['FOLDER', ({ cwd }) => cutSafeLine(formatShortPath(cwd, home), 32)],
    ['NOW', (agent) => describeAgentActivity(agent, now)],
  ]
}

/** Returns the name of an agent's model without the date at its end, at most 20 characters. */
export function shortenModelName(agent: AgentSummary): string {
  return cutSafeLine(formatAgentModel(agent).replace(/-20\d{6}$/, ''), 20)
}

/** Returns the sum of an agent's tokens as text, such as `12k`; with `+` if only its newest ten turns are known, empty if none are. */
export function formatAgentTokens({ turns, turnCount }: AgentSummary): string {
  const used = turns.flatMap(({ usage }) => usage?.inputTokens ?? usage?.outputTokens ?? [])
  if (used.length === 0) return ''
  const sum = turns.reduce(
    (total, { usage }) => total + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
    0,
  )
  return turnCount > turns.length ? `${formatCount(sum)}+` : formatCount(sum)
}

/**
 * Describes the current activity of a busy agent. For an idle agent: its undelivered messages, and its answer or the reason of its
 * failure.
 */
export function describeAgentActivity(agent: AgentSummary, now: number): string {
  const { status, permissions, recent, failure, queuedMessages } = agent
  if (!isAgentBusy(agent)) {
    const why = status === 'errored' && failure ? describeAgentFailure(failure) : ''
    const answer = status === 'finished' ? recent.findLast(({ kind }) => kind === 'text') : undefined
    return [describeUndeliveredMessages(agent), why, answer && cutSafeLine(answer.text, longest)]
      .filter(Boolean)
      .join('; ')
  }
  const waiting = queuedMessages > 0 ? `${queuedMessages} queued; ` : ''
  if (agent.waitsUntil !== undefined)
    return `${waiting}waits until ${formatLocalDateTime(agent.waitsUntil)}: ${agent.waitsFor ?? 'a limit'}`
  if (status === 'queued') return `${waiting}waits for room`
  if (status === 'permission_requested') return `${waiting}${permissionText(permissions, now)}`
  if (status === 'checking') return `${waiting}its result is being checked`
  const last = recent.at(-1)
  return `${waiting}${last ? itemText(last) : 'starts'}`
}

/** Describes the first permission request of an agent. The remaining time stands before the call, because the table cuts off the end. */
function permissionText([first]: AgentSummary['permissions'], now: number): string {
  if (!first) return ''
  const { call, humanOnly, until } = first
  const marks = [
    ...listPermissionRequestMarks({ ...(humanOnly !== undefined && { humanOnly }) }),
    ...(until === undefined ? [] : [`${formatShortTimeSpan(until - now)} left`]),
  ]
  return `${marks.join(', ')}${marks.length > 0 ? ': ' : ''}${revealInvisibleCharacters(call, longest)}`
}

/** Renders what an agent has written or done last in one line: of model text the end, of other items the beginning. */
function itemText({ kind, text }: AgentSummary['recent'][number]): string {
  const line = cutSafeLine(text, longest)
  if (kind === 'tool') return line
  if (kind !== 'text' && kind !== 'writing') return `${kind} ${line}`.trimEnd()
  return line.length > shownText ? `…${line.slice(-shownText).toWellFormed()}` : line
}

const shownText = 60
const longest = 200
