import type { PendingQuestion, PermissionRecord } from '@subagent-mcp/api'
import { visibleText } from '@subagent-mcp/mcp-server'
import { localDate } from '../../local-date.js'
import { agentHead } from '../../terminal/agent-lines.js'
import { shortSpan } from '../../terminal/format.js'
import { clockTime } from '../../terminal/clock-time.js'
import type { Paint, Tone } from '../../terminal/paint.js'
import { answerText, callText } from '../../terminal/questions/question-text.js'
import { dropColumns, renderTable, type Cell } from '../../terminal/table.js'

/** The questions as lines under their titles, none wider than so many columns. */
export function renderQuestions(
  questions: readonly PendingQuestion[],
  { columns, paint, now }: { columns: number; paint: Paint; now: number },
): string[] {
  const titles = ['AGENT', 'REQUEST', 'SINCE', 'DENIED IN', 'WHY', 'NOTE', 'ASKS']
  const rows = [
    titles.map((text): Cell => ({ text, tone: 'dim' })),
    ...questions.map((question) => questionRow(question, now)),
  ]
  const lessImportant = ['SINCE', 'WHY', 'REQUEST']
  return renderTable(dropColumns(rows, { lessImportant, columns, room: 24 }), columns, paint)
}

function questionRow(question: PendingQuestion, now: number): Cell[] {
  const { name, agentId: id, requestId, askedAt, until, by = '' } = question
  return [
    { text: agentHead({ id, ...(name !== undefined && { name }) }), tone: 'bold' },
    plain(visibleText(requestId, 200)),
    plain(shortSpan(now - askedAt)),
    plain(until === undefined ? '' : shortSpan(until - now)),
    plain(visibleText(by, 40)),
    { text: marks(question), tone: 'yellow' },
    plain(callText(question)),
  ]
}

/** Whose answer counts, and who is asked already. */
function marks({ humanOnly, shown, parked }: PendingQuestion): string {
  return [
    ...(humanOnly === true ? ['person only'] : []),
    ...(shown === true ? ['shown in its host'] : []),
    ...(parked ? ['parked'] : []),
  ].join(', ')
}

/** The audit log, a line each. */
export function renderRecords(records: readonly PermissionRecord[], paint: Paint): string[] {
  return renderTable(records.map(recordRow), Infinity, paint)
}

function recordRow({ at, agentId: id, name, call, ...end }: PermissionRecord): Cell[] {
  return [
    { text: `${localDate(at)} ${clockTime(at)}`, tone: 'dim' },
    { text: agentHead({ id, ...(name !== undefined && { name }) }), tone: 'bold' },
    { text: end.event, tone: eventTones[end.event] },
    plain(visibleText(call, 80)),
    plain(answerText(end)),
  ]
}

const eventTones: Readonly<Record<PermissionRecord['event'], Tone>> = {
  asked: 'yellow',
  allowed: 'green',
  denied: 'red',
  withdrawn: 'dim',
}

function plain(text: string): Cell {
  return { text, tone: 'plain' }
}
