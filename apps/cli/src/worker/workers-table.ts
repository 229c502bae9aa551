import { cutSafeLine } from '../terminal/text.js'
import { formatShortPath, formatCount, formatDollars, formatShortTimeSpan } from '../terminal/format.js'
import type { TextPaint, TextTone } from '../terminal/paint.js'
import { dropColumns, renderTable, type TableCell } from '../terminal/table.js'
import type { WorkerRow } from './worker-rows.js'

type Layout = { now: number; home: string; columns: number; paint: TextPaint }

/** Renders workers as a table whose lines are at most `columns` wide. */
export function renderWorkers(rows: readonly WorkerRow[], { now, home, columns, paint }: Layout): string[] {
  const cells = [titles.map((text) => cell(text, 'dim')), ...rows.map((row) => cellsOf(row, now, home))]
  const lessImportant = ['SINCE', 'TOKENS', 'COST', 'PROVIDER']
  return renderTable(dropColumns(cells, { lessImportant, columns, room: 24 }), columns, paint)
}

const titles = [
  'WORKER',
  'STATUS',
  'PROVIDER',
  'SINCE',
  'WAITING',
  'TURNS',
  'TOKENS',
  'COST',
  'FOLDER',
  'LAST ERROR',
]

/** The cells of a worker's row. Turns, tokens and cost are those of today. */
function cellsOf(row: WorkerRow, now: number, home: string): TableCell[] {
  const { name, status, provider, since, waiting, today, folder, lastError } = row
  return [
    cell(cutSafeLine(name, 64), 'bold'),
    cell(status, tones[status]),
    known(provider, (text) => cutSafeLine(text, 24)),
    known(since, (at) => formatShortTimeSpan(now - at)),
    known(waiting, String),
    known(today?.turns, String),
    known(today?.tokens, formatCount),
    known(today?.usd, formatDollars),
    known(folder, (path) => cutSafeLine(formatShortPath(path, home), 40)),
    lastError === undefined ? cell('') : cell(cutSafeLine(lastError, 200), 'red'),
  ]
}

const tones: Readonly<Record<WorkerRow['status'], TextTone>> = {
  waiting: 'green',
  working: 'plain',
  starting: 'dim',
  restarting: 'yellow',
  'given-up': 'red',
  blocked: 'red',
  resting: 'yellow',
  unreachable: 'red',
  stopped: 'dim',
  killed: 'red',
  unreadable: 'red',
}

function known<Value>(value: Value | undefined, show: (value: Value) => string): TableCell {
  return cell(value === undefined ? '-' : show(value))
}

function cell(text: string, tone: TextTone = 'plain'): TableCell {
  return { text, tone }
}
