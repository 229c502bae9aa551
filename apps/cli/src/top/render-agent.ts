import type { AgentSummary } from '@subagent-mcp/api'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { describeAgentActivity, shortenModelName, formatAgentTokens } from '../commands/agent/agent-list.js'
import {
  agentStatusTones,
  describeAgentFailure,
  formatAgentIdAndName,
  isAgentBusy,
} from '../terminal/agent-lines.js'
import type { ScreenCell, ScreenLine } from '../terminal/screen.js'
import { formatClockTime, formatDollars, formatShortPath, formatShortTimeSpan } from '../terminal/format.js'
import type { TextTone } from '../terminal/paint.js'
import { listPermissionRequestMarks } from '../terminal/questions/question-text.js'
import { formatScreenCellText, wrapToColumns } from '../terminal/screen-text.js'

/** The time of a frame in Unix milliseconds, and the user's home folder. */
export type TopTimes = { now: number; home: string }

type RowStyle = TopTimes & { columns: number; isSelected: boolean; needsYou: boolean }

/** Renders an agent in one line, whose columns depend only on the width of the screen. */
export function renderAgentRow(agent: AgentSummary, style: RowStyle): ScreenLine {
  const { isSelected, needsYou, now, columns } = style
  const rowTone = needsYou ? 'yellow' : agentStatusTones[agent.status]
  const texts: Readonly<Record<ColumnName, string>> = {
    NAME: agent.name ?? agent.id,
    MODEL: shortenModelName(agent),
    TIME: elapsedText(agent, now),
    CALLS: callsText(agent),
    TOKENS: formatAgentTokens(agent),
    COST: costText(agent),
    NOW: nowText(agent, now),
  }
  const cells = columnsFor(columns).map(({ name, column, width }): ScreenCell => {
    const tone = name === 'NAME' ? nameTone(isSelected, rowTone) : name === 'NOW' ? rowTone : 'plain'
    return { column, text: formatScreenCellText(texts[name], width), tone }
  })
  return [{ column: 0, text: isSelected ? '>' : ' ', tone: 'bold' }, ...cells]
}

export function renderColumnTitles(columns: number): ScreenLine {
  return columnsFor(columns).map(({ name, column, width }) => ({
    column,
    text: formatScreenCellText(name, width),
    tone: 'dim',
  }))
}

type DetailStyle = TopTimes & { columns: number; rows: number }

/** Renders the selected agent: its place, what it asks, why it failed, and the last lines of what it does. */
export function renderAgentDetail(
  agent: AgentSummary,
  { columns, rows, now, home }: DetailStyle,
): ScreenLine[] {
  const { permissions, failure, recent, cwd, status } = agent
  const title = [
    formatAgentIdAndName(agent),
    shortenModelName(agent),
    status,
    formatShortPath(cwd, home),
  ].join('  ')
  const asked = permissions.flatMap(({ call, until, humanOnly, parked }) => {
    const marks = listPermissionRequestMarks({
      ...(humanOnly !== undefined && { humanOnly }),
      ...(parked && { parked }),
    })
    const left = until === undefined ? [] : [`${formatShortTimeSpan(until - now)} left`]
    return toned(
      `asks: ${[...marks, ...left, revealInvisibleCharacters(call, longestCall)].join(', ')}`,
      'yellow',
      columns,
    )
  })
  const why = status === 'errored' && failure ? toned(describeAgentFailure(failure), 'red', columns) : []
  const first = [...asked, ...why].slice(0, rows - 1)
  const seen = recent.flatMap(({ at, kind, text }) =>
    toned(
      `${formatClockTime(at)}  ${kind === 'text' || kind === 'writing' ? '' : `${kind} `}${text}`,
      toneOf(kind),
      columns,
    ),
  )
  const room = rows - 1 - first.length
  return [
    [
      {
        column: 0,
        text: formatScreenCellText(`-- ${title} ${'-'.repeat(columns)}`, columns).replace(/…$/, '-'),
        tone: 'dim',
      },
    ],
    ...first,
    ...(room > 0 ? seen.slice(-room) : []),
  ]
}

/** The most characters of a call beside the list; the whole call is shown before it is answered. */
const longestCall = 1_000

function toned(text: string, tone: TextTone, columns: number): ScreenLine[] {
  return wrapToColumns(text, columns).map((line) => [{ column: 0, text: line, tone }])
}

function toneOf(kind: AgentSummary['recent'][number]['kind']): TextTone {
  return kind === 'text' || kind === 'writing' ? 'plain' : 'dim'
}

function nameTone(isSelected: boolean, rowTone: TextTone): TextTone {
  if (isSelected) return 'cyan'
  return rowTone === 'dim' ? 'dim' : 'bold'
}

/** What an agent asks or does now, or how it ended. */
function nowText(agent: AgentSummary, now: number): string {
  const doing = describeAgentActivity(agent, now)
  const [asked] = agent.permissions
  // An agent whose turn has ended may still ask for what nobody answered in time.
  if (asked && agent.status !== 'permission_requested')
    return `asks: ${revealInvisibleCharacters(asked.call, longestCall)}`
  if (agent.status === 'stalled') return `stalled: ${doing}`
  return isAgentBusy(agent) || agent.status === 'finished'
    ? doing
    : [agent.status, doing].filter(Boolean).join(': ')
}

/** How long the running turn takes; of an agent without one, its last turn; before the first, since the launch. */
function elapsedText({ runningTurn, turns, launchedAt, ...agent }: AgentSummary, now: number): string {
  const last = turns.at(-1)
  if (runningTurn) return formatShortTimeSpan(now - runningTurn.startedAt)
  if (!isAgentBusy(agent) && last) return formatShortTimeSpan(last.endedAt - last.startedAt)
  return isAgentBusy(agent) ? formatShortTimeSpan(now - launchedAt) : ''
}

/** How many tool calls the running turn has begun; those of ended turns are not known. */
function callsText({ runningTurn }: AgentSummary): string {
  return runningTurn ? `${runningTurn.tools}` : ''
}

function costText({ turns, turnCount }: AgentSummary): string {
  const costs = turns.flatMap(({ usage }) => usage?.costUsd ?? [])
  if (costs.length === 0) return ''
  const sum = formatDollars(costs.reduce((total, cost) => total + cost, 0))
  return turnCount > turns.length ? `${sum}+` : sum
}

type ColumnName = 'NAME' | 'MODEL' | 'TIME' | 'CALLS' | 'TOKENS' | 'COST' | 'NOW'

/** The columns of the list with their widths on narrow and wide screens; the last one takes the rest. */
const widths: readonly (readonly [name: ColumnName, narrow: number, wide: number])[] = [
  ['NAME', 14, 24],
  ['MODEL', 15, 22],
  ['TIME', 4, 5],
  ['CALLS', 5, 6],
  ['TOKENS', 6, 7],
  ['COST', 6, 8],
]

/** The columns that are dropped, in this order, until `leastRest` columns are left for what an agent does. */
const droppedFirst: readonly ColumnName[] = ['CALLS', 'COST', 'TOKENS', 'MODEL']
const leastRest = 16

/** Returns the columns that fit on a screen of so many columns, each with its first column and its width. */
function columnsFor(columns: number): { name: ColumnName; column: number; width: number }[] {
  const isWide = columns >= 110
  for (let dropped = 0; ; dropped += 1) {
    const kept = widths.filter(([name]) => !droppedFirst.slice(0, dropped).includes(name))
    let column = 2
    const placed = kept.map(([name, narrow, wide]) => {
      const width = isWide ? wide : narrow
      const place = { name, column, width }
      column += width + 1
      return place
    })
    const rest = columns - column
    if (rest < leastRest && dropped < droppedFirst.length) continue
    const all = [...placed, { name: 'NOW' as const, column, width: rest }]
    // On a screen narrower than the columns that are never dropped, the last ones are cut.
    return all
      .map((place) => ({ ...place, width: Math.min(place.width, columns - place.column) }))
      .filter(({ width }) => width > 0)
  }
}
