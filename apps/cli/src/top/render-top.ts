import type { ScreenFrame, ScreenLine } from '../terminal/screen.js'
import { formatAgentIdAndName } from '../terminal/agent-lines.js'
import { formatScreenCellText, cutStartToFit } from '../terminal/screen-text.js'
import { measureTextWidth } from '../terminal/table.js'
import type { TextTone } from '../terminal/paint.js'
import { formatAgentListRemarks } from '../commands/agent/agent-list.js'
import { findFirstVisibleRow, wrapPageRows, countVisibleRows, countDrawnColumns } from './page-rows.js'
import { renderAgentDetail, renderAgentRow, renderColumnTitles, type TopTimes } from './render-agent.js'
import { topKeys } from './top-keys.js'
import { groupAgents, findSelectedAgent, type TopPage, type TopQuestion, type TopState } from './top-state.js'

/** Returns what `top` shows in a state. Only the agents that fit on the screen are rendered. */
export function renderTop(state: TopState, times: TopTimes): ScreenFrame {
  const { mode } = state
  if (mode.type === 'page') return renderPage(state, mode)
  if (mode.type === 'question') return renderQuestion(state, mode)
  const { size } = state
  const columns = countDrawnColumns(size)
  const { line: last, cursor } = lastLine(state, columns)
  const groups = groupAgents(state)
  const agent = findSelectedAgent(groups, state.selected)
  const detailRows = agent && size.rows >= 14 ? Math.min(14, Math.floor(size.rows * 0.35)) : 0
  const bodyRows = Math.max(1, size.rows - 3 - detailRows)
  const body = renderGroups(state, bodyRows, times)
  const detail =
    agent && detailRows > 0 ? renderAgentDetail(agent, { columns, rows: detailRows, ...times }) : []
  const all = [
    headLine(state, columns),
    renderColumnTitles(columns),
    ...fill(body, bodyRows),
    ...fill(detail, detailRows),
  ]
  const lines = [...all.slice(0, size.rows - 1), last]
  return { lines, cursor: cursor === undefined ? undefined : { row: lines.length - 1, column: cursor } }
}

/** Counts the agents of each group, and names the filter. */
function headLine(state: TopState, columns: number): ScreenLine {
  const counts = groupAgents(state).map(({ name, agents }) => `${agents.length} ${name.toLowerCase()}`)
  const filter = state.filter === '' ? [] : [`filter: ${state.filter}`]
  const found = state.list ? counts.join(', ') || 'no agents' : 'asking the daemon …'
  return textLine(['subagent-mcp top', found, ...filter].join('  '), columns, 'bold')
}

/** Renders the groups of agents around the selected one, in so many rows. */
function renderGroups(state: TopState, rows: number, times: TopTimes): ScreenLine[] {
  const columns = countDrawnColumns(state.size)
  const groups = groupAgents(state)
  const selected = findSelectedAgent(groups, state.selected)
  const entries = groups.flatMap(({ name, agents }) => [
    `${name} (${agents.length})`,
    ...agents.map((agent) => ({ agent, group: name })),
  ])
  const remarks = (state.list ? formatAgentListRemarks(state.list) : []).map((text) =>
    textLine(text, columns, 'dim'),
  )
  // Facts that the journal lost are reported before the agents.
  const first = state.list?.losses?.length ? remarks.slice(0, rows - 1) : []
  const shown = rows - first.length
  const place = entries.findIndex((entry) => typeof entry !== 'string' && entry.agent === selected)
  const from = Math.max(0, Math.min(place - Math.floor(shown / 2), entries.length - shown))
  const lines = entries.slice(from, from + shown).map((entry) => {
    if (typeof entry === 'string') return textLine(entry, columns, 'dim')
    const { agent, group } = entry
    const isSelected = agent === selected
    return renderAgentRow(agent, { ...times, columns, isSelected, needsYou: group === 'Needs you' })
  })
  return [...first, ...lines, ...(first.length > 0 ? [] : remarks)].slice(0, rows)
}

function renderPage(state: TopState, mode: TopPage): ScreenFrame {
  const { size, notice } = state
  const columns = countDrawnColumns(size)
  const rows = wrapPageRows(mode.lines, size)
  const from = findFirstVisibleRow(mode, rows.length, size)
  const shown = rows.slice(from, from + countVisibleRows(mode, size))
  const place = rows.length > shown.length ? `  ${from + shown.length} of ${rows.length}` : ''
  const lines = [
    textLine(mode.title, columns, 'bold'),
    ...fill(
      shown.map(({ text, tone }) => [{ column: 0, text, tone }]),
      countVisibleRows(mode, size),
    ),
    textLine(notice || `q back  arrows, PgUp, PgDn, g, G scroll${place}`, columns, 'dim'),
  ]
  return { lines }
}

/** Renders a permission request, with the whole call to scroll through, and the answer that the person types. */
function renderQuestion({ size }: TopState, mode: TopQuestion): ScreenFrame {
  const columns = countDrawnColumns(size)
  const { question, isRead, problem, input } = mode
  const { agentId: id, name, humanOnly } = question
  const rows = wrapPageRows(mode.lines, size)
  const from = findFirstVisibleRow(mode, rows.length, size)
  const count = countVisibleRows(mode, size)
  const remark =
    problem || (isRead ? 'Esc leaves it open' : `PgDn shows the rest: ${rows.length - from - count} lines`)
  const choices = humanOnly === true ? 'yes in full/n/r/s/?' : 'y/n/r/s/?'
  const { line, cursor } = inputLine(`allow? [${choices}] `, input, columns)
  const lines = [
    textLine(
      `${formatAgentIdAndName({ id, ...(name !== undefined && { name }) })} asks permission`,
      columns,
      'bold',
    ),
    ...fill(
      rows.slice(from, from + count).map(({ text, tone }) => [{ column: 0, text, tone }]),
      count,
    ),
    textLine(remark, columns, 'yellow'),
    line,
  ]
  return { lines, cursor: { row: lines.length - 1, column: cursor } }
}

type LastLine = { line: ScreenLine; cursor?: number }

/** The last line: what the person types, the outcome of the last action, or the keys. */
function lastLine({ mode, notice, filter }: TopState, columns: number): LastLine {
  if (mode.type === 'filter') return inputLine('/', mode.input, columns)
  if (mode.type === 'send') return inputLine(`to ${mode.agentId}: `, mode.input, columns)
  if (mode.type === 'kill') {
    return {
      line: textLine(`kill ${mode.agentId} with its processes? y kills, other keys do not`, columns, 'red'),
    }
  }
  if (notice !== '') return { line: textLine(notice, columns, 'cyan') }
  const keys = topKeys.filter(({ short }) => short !== '').map(({ typed, short }) => `${typed} ${short}`)
  const all = filter === '' ? keys : ['Esc all', ...keys]
  // The most important keys come first: what does not fit is in the help.
  const fitting = all.filter((_, index) => measureTextWidth(all.slice(0, index + 1).join('  ')) <= columns)
  return { line: textLine(fitting.join('  '), columns, 'dim') }
}

/** A line into which the person types. Of a long text its end is shown. */
function inputLine(prompt: string, input: string, columns: number): Required<LastLine> {
  const head = formatScreenCellText(prompt, columns - 8)
  const start = measureTextWidth(head) + (prompt.endsWith(' ') ? 1 : 0)
  const text = cutStartToFit(input, columns - start - 1)
  const line = [
    { column: 0, text: head, tone: 'bold' },
    { column: start, text, tone: 'plain' },
  ] as const
  return { line, cursor: start + measureTextWidth(text) }
}

function textLine(text: string, columns: number, tone: TextTone): ScreenLine {
  return [{ column: 0, text: formatScreenCellText(text, columns), tone }]
}

/** Adds empty lines up to so many rows. */
function fill(lines: readonly ScreenLine[], rows: number): ScreenLine[] {
  return Array.from({ length: rows }, (_, row) => lines[row] ?? [])
}
