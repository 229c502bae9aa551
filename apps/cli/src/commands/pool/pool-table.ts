import type { ListedAgent, PooledProcess } from '@subagent-mcp/api'
import type { Usage } from '@subagent-mcp/contract'
import { count, megabytes, money, shortSpan } from '../../terminal/format.js'
import type { Paint, Tone } from '../../terminal/paint.js'
import { oneLine } from '../../terminal/text.js'
import { dropColumns, renderTable, type Cell } from '../../terminal/table.js'

/** The agents as lines under their titles, none wider than so many columns. */
export function renderPool(
  agents: readonly ListedAgent[],
  { now, columns, paint }: { now: number; columns: number; paint: Paint },
): string[] {
  const lessImportant = ['RESET', 'COST', 'WRITTEN', 'AGE', 'FRESH', 'CACHED']
  const rows = dropColumns(poolTable(agents, now), { lessImportant, columns, room: 24 })
  return renderTable(rows, columns, paint)
}

/** A row for each process, under the titles, then one for each agent that has none. What is not known is `-`. */
export function poolTable(agents: readonly ListedAgent[], now: number): Cell[][] {
  const isLive = ({ processes }: ListedAgent): boolean => processes.length > 0
  const rows = [
    ...agents.filter(isLive).flatMap((agent) => liveRows(agent, now)),
    ...agents.filter((agent) => !isLive(agent)).map(coldRow),
  ]
  return [titles.map((text) => cell(text, 'dim')), ...rows]
}

const processTitles = ['STATUS', 'PID', 'TASKS', 'AGE', 'RESET', 'MEMORY']
const agentTitles = ['CACHED', 'WRITTEN', 'FRESH', 'COST', 'ABOUT']
const titles = ['AGENT', ...processTitles, ...agentTitles]

/** What is the agent's stands in the first row alone: it would be taken for each process's own. */
function liveRows(agent: ListedAgent, now: number): Cell[][] {
  const blank = agentTitles.map(() => cell(''))
  return agent.processes.map((process, index) => [
    index === 0 ? nameCell(agent) : cell(''),
    ...processCells(process, now),
    ...(index === 0 ? [...usageCells(agent.figures.usage), aboutCell(agent)] : blank),
  ])
}

function coldRow(agent: ListedAgent): Cell[] {
  const { figures, problem } = agent
  const status = problem === undefined ? cell('cold', 'dim') : cell('invalid', 'red')
  const unknown = cell('-')
  return [
    nameCell(agent),
    ...[status, unknown, cell(`${figures.tasks}`), unknown, unknown, unknown],
    ...usageCells(figures.usage),
    aboutCell(agent),
  ]
}

const tones: Readonly<Record<PooledProcess['status'], Tone>> = {
  starting: 'dim',
  warm: 'green',
  working: 'plain',
  resetting: 'dim',
  ending: 'dim',
}

function processCells(process: PooledProcess, now: number): Cell[] {
  const { status, pid, tasks, startedAt, lastResetAt, memory } = process
  return [
    cell(status, tones[status]),
    known(pid, String),
    cell(`${tasks}`),
    cell(shortSpan(now - startedAt)),
    known(lastResetAt, (at) => shortSpan(now - at)),
    known(memory, megabytes),
  ]
}

/** Tokens that the provider's cache served, that were written to it, and that it has not seen; and money. */
function usageCells({ inputTokens, cachedInputTokens, cacheWriteInputTokens, costUsd }: Usage): Cell[] {
  const fresh =
    inputTokens === undefined || cachedInputTokens === undefined
      ? undefined
      : Math.max(0, inputTokens - cachedInputTokens - (cacheWriteInputTokens ?? 0))
  return [
    known(cachedInputTokens, count),
    known(cacheWriteInputTokens, count),
    known(fresh, count),
    known(costUsd, money),
  ]
}

function nameCell({ name }: ListedAgent): Cell {
  return cell(oneLine(name, 32), 'bold')
}

function aboutCell({ description, problem }: ListedAgent): Cell {
  return problem === undefined ? cell(oneLine(description, 200)) : cell(oneLine(problem, 200), 'red')
}

function known(value: number | undefined, show: (value: number) => string): Cell {
  return cell(value === undefined ? '-' : show(value))
}

function cell(text: string, tone: Tone = 'plain'): Cell {
  return { text, tone }
}
