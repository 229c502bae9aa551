import type { PendingQuestion, PermissionRecord } from '@subagent-mcp/api'
import { describeCall } from '@subagent-mcp/core'
import { visibleText } from '@subagent-mcp/mcp-server'
import { longSpan } from '../format.js'
import type { Terminal } from '../terminal.js'

/** What became of a question, in the words of the audit log. */
export type QuestionEnd = Pick<PermissionRecord, 'at' | 'event' | 'through' | 'who' | 'why'>

/** What is shown of a question. */
export type Question = Pick<
  PendingQuestion,
  'agentId' | 'requestId' | 'tool' | 'input' | 'by' | 'humanOnly' | 'until' | 'shown' | 'parked'
>

/**
 * A question as it is put to a person: the whole call, as what is asked must not hide behind a harmless beginning, with
 * all that is in it. The head is text of ours.
 */
export function questionText(
  question: Question,
  { stderr, now }: Pick<Terminal, 'stderr' | 'now'>,
  head = '',
): string {
  const { tool, input } = question
  const call = input === undefined ? [] : JSON.stringify(input, undefined, 2).split('\n').map(visibleLine)
  const remarks = questionRemarks(question, now())
  const asks = `${head}asks permission: ${toolText(tool)}`
  const asked = stderr.paint('yellow', [asks, ...call].join('\n'))
  return `${asked}\n${remarks && `${stderr.paint('dim', remarks)}\n`}`
}

/** A line as a person can check it; its indentation stays. */
export function visibleLine(line: string): string {
  return line.replace(/[^ \t][^]*/, (text) => visibleText(text, Infinity))
}

/** The same in one line. */
export function questionLine(question: Question, now: number): string {
  const remarks = questionRemarks(question, now)
  return `asks permission: ${callText(question)}${remarks && ` (${remarks})`}`
}

/** A call in a line. */
export function callText(call: Pick<Question, 'tool' | 'input'>): string {
  return visibleText(describeCall({ tool: call.tool, input: call.input }), longestCall)
}

/** The tool of a call, where it stands alone. */
export function toolText(tool: string): string {
  return visibleText(tool, longestTool)
}

const longestCall = 2_000
const longestTool = 300

/** Why it is asked, and who may answer until when. */
function questionRemarks({ by, humanOnly, shown, until, parked }: Question, now: number): string {
  return [
    ...(by === undefined ? [] : [visibleText(by, longestReason)]),
    ...(humanOnly === true ? ['person only'] : []),
    ...(shown === true ? ['shown in its host'] : []),
    ...(parked ? ['stays open: an answer wakes the agent'] : []),
    ...(until === undefined ? [] : [`denied in ${longSpan(until - now)}`]),
  ].join('; ')
}

/** How a question was answered: `by alice (terminal): too much`. */
export function answerText({ event, through, who, why }: Omit<QuestionEnd, 'at'>): string {
  if (event === 'withdrawn') return why === undefined ? '' : visibleText(why, longestReason)
  const ways = { policy: 'by policy', deadline: 'as nobody answered in time' } as const
  const from = who === undefined ? '' : `by ${visibleText(who, longestName)}`
  const way = through === 'policy' || through === 'deadline' ? ways[through] : through && `(${through})`
  const how = [from, way].filter(Boolean).join(' ')
  return [how, why === undefined ? '' : visibleText(why, longestReason)].filter(Boolean).join(': ')
}

const longestName = 100
const longestReason = 300
