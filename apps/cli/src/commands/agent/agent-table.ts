import type { AgentSummary } from '@subagent-mcp/api'
import { visibleText } from '@subagent-mcp/mcp-server'
import { failureText, isBusy, modelText, statusTones, undeliveredText } from '../../terminal/agent-lines.js'
import { count, shortSpan } from '../../terminal/format.js'
import { shortPath } from '../../terminal/short-path.js'
import type { Paint } from '../../terminal/paint.js'
import { oneLine } from '../../terminal/text.js'
import { dropColumns, renderTable, type Cell } from '../../terminal/table.js'

/** What a table of agents depends on besides them; `asOf` is when the daemon told of them. */
export type TableTime = { now: number; asOf: number; home: string }

/** The agents as lines under their titles, none wider than so many columns. */
export function renderAgents(
  agents: readonly AgentSummary[],
  { columns, paint, ...time }: TableTime & { columns: number; paint: Paint },
): string[] {
  const lessImportant = ['FOLDER', 'TOKENS', 'TURNS', 'NAME']
  const rows = dropColumns(agentTable(agents, time), { lessImportant, columns, room: 24 })
  return renderTable(rows, columns, paint)
}

/** The agents as rows under their titles. */
export function agentTable(agents: readonly AgentSummary[], time: TableTime): Cell[][] {
  const titles = ['ID', 'NAME', 'MODEL', 'STATUS', 'AGE', 'IDLE', 'TURNS', 'TOKENS', 'FOLDER', 'NOW']
  return [titles.map((text) => ({ text, tone: 'dim' })), ...agents.map((agent) => agentRow(agent, time))]
}

function agentRow(agent: AgentSummary, { now, asOf, home }: TableTime): Cell[] {
  const plain = (text: string): Cell => ({ text, tone: 'plain' })
  const tone = statusTones[agent.status]
  return [
    { text: agent.id, tone: 'bold' },
    plain(oneLine(agent.name ?? '', 24)),
    plain(modelText(agent)),
    { text: agent.status.replace('_requested', '?'), tone },
    plain(shortSpan(now - agent.launchedAt)),
    plain(shortSpan(agent.idleSeconds * 1000 + now - asOf)),
    plain(`${agent.turnCount}`),
    plain(tokens(agent)),
    plain(oneLine(shortPath(agent.cwd, home), 32)),
    plain(activity(agent, now)),
  ]
}

/** All that its turns took; an agent's summary holds the newest ten of them. */
function tokens({ turns, turnCount }: AgentSummary): string {
  const used = turns.flatMap(({ usage }) => usage?.inputTokens ?? usage?.outputTokens ?? [])
  if (used.length === 0) return ''
  const sum = turns.reduce(
    (total, { usage }) => total + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
    0,
  )
  return turnCount > turns.length ? `${count(sum)}+` : count(sum)
}

/** What the agent does now, or what it did not hear and why it failed. */
function activity(agent: AgentSummary, now: number): string {
  const { status, permissions, recent, failure, queuedMessages } = agent
  if (!isBusy(agent)) {
    const why = status === 'errored' && failure ? failureText(failure) : ''
    return [undeliveredText(agent), why].filter(Boolean).join('; ')
  }
  const waiting = queuedMessages > 0 ? `${queuedMessages} queued; ` : ''
  if (status === 'queued') return `${waiting}waits for room`
  if (status === 'permission_requested') return `${waiting}${questionCell(permissions, now)}`
  const last = recent.at(-1)
  if (!last) return `${waiting}starts`
  return `${waiting}${itemText(last)}`
}

/** How long somebody may answer stands before the call, which is cut. */
function questionCell([first]: AgentSummary['permissions'], now: number): string {
  if (!first) return ''
  const { call, humanOnly, until } = first
  const marks = [
    ...(humanOnly === true ? ['person only'] : []),
    ...(until === undefined ? [] : [`${shortSpan(until - now)} left`]),
  ]
  return `${marks.join(', ')}${marks.length > 0 ? ': ' : ''}${visibleText(call, longest)}`
}

/** Text is shown from its end, where it is being written. */
function itemText({ kind, text }: AgentSummary['recent'][number]): string {
  const line = oneLine(text, longest)
  if (kind === 'tool') return line
  if (kind !== 'text' && kind !== 'writing') return `${kind} ${line}`.trimEnd()
  return line.length > shownText ? `…${line.slice(-shownText).toWellFormed()}` : line
}

const shownText = 60
const longest = 200
