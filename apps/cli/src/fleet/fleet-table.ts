import type { WorkerFleet, WorkerView } from '@subagent-mcp/api'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { formatShortPath, formatShortTimeSpan } from '../terminal/format.js'
import { dropColumns, renderTable, type TableCell } from '../terminal/table.js'
import type { Terminal } from '../terminal/terminal.js'
import type { TextTone } from '../terminal/paint.js'

/** Renders the workers of a fleet as a table, one line for each worker. */
export function renderFleet({ workers }: WorkerFleet, { stdout, now, home }: Terminal): string[] {
  const rows = [
    titles.map((text) => cell(text, 'dim')),
    ...workers.map((worker) => cellsOf(worker, now(), home)),
  ]
  const columns = stdout.size()?.columns ?? Infinity
  const lessImportant = ['SINCE', 'RESTARTS', 'FOLDER']
  return renderTable(dropColumns(rows, { lessImportant, columns, room: 24 }), columns, stdout.paint)
}

const titles = ['NAME', 'STATUS', 'RESTARTS', 'SINCE', 'FOLDER', 'LAST ERROR']

const tones: Readonly<Record<WorkerView['status'], TextTone>> = {
  starting: 'yellow',
  running: 'green',
  blocked: 'red',
  restarting: 'yellow',
  'given-up': 'red',
  stopped: 'dim',
}

function cellsOf(worker: WorkerView, now: number, home: string): TableCell[] {
  const { name, status, restarts, since, folder, lacks, lastError = '' } = worker
  return [
    cell(revealInvisibleCharacters(name, 64), 'bold'),
    lacks ? cell(`${status} without keys`, 'yellow') : cell(status, tones[status]),
    cell(`${restarts}`),
    cell(since === undefined ? '-' : formatShortTimeSpan(now - since)),
    cell(revealInvisibleCharacters(formatShortPath(folder, home), 200)),
    cell(revealInvisibleCharacters(lastError, 200), 'red'),
  ]
}

function cell(text: string, tone: TextTone = 'plain'): TableCell {
  return { text, tone }
}
