import type { PendingPermissionRequest, PermissionAuditRecord } from '@subagent-mcp/api'
import { formatToolCallWithInput } from '@subagent-mcp/core'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { formatLongTimeSpan } from '../format.js'
import type { Terminal } from '../terminal.js'
import { escapeTerminalLine } from '../text.js'

/** How a permission request ended, as in the audit log. */
export type PermissionRequestEnd = Pick<PermissionAuditRecord, 'at' | 'event' | 'through' | 'who' | 'why'>

/** The parts of an agent's permission request that a person is shown. */
export type ShownRequest = Pick<
  PendingPermissionRequest,
  'agentId' | 'requestId' | 'tool' | 'input' | 'by' | 'humanOnly' | 'until' | 'shown' | 'parked'
>

/**
 * Renders a permission request for the person who answers it, with the whole call, so that nothing can hide behind a
 * harmless beginning. `head` is printed before it and must be safe.
 */
export function formatPermissionRequest(
  question: ShownRequest,
  { stderr, now }: Pick<Terminal, 'stderr' | 'now'>,
  head = '',
): string {
  const { tool, input } = question
  const call =
    input === undefined ? [] : JSON.stringify(input, undefined, 2).split('\n').map(escapeTerminalLine)
  const remarks = questionRemarks(question, now())
  const asks = `${head}asks permission: ${formatToolName(tool)}`
  const asked = stderr.paint('yellow', [asks, ...call].join('\n'))
  return `${asked}\n${remarks && `${stderr.paint('dim', remarks)}\n`}`
}

export function formatPermissionRequestLine(question: ShownRequest, now: number): string {
  const remarks = questionRemarks(question, now)
  return `asks permission: ${formatToolCallLine(question)}${remarks && ` (${remarks})`}`
}

export function formatToolCallLine(call: Pick<ShownRequest, 'tool' | 'input'>): string {
  return revealInvisibleCharacters(
    formatToolCallWithInput({ tool: call.tool, input: call.input }),
    longestCall,
  )
}

export function formatToolName(tool: string): string {
  return revealInvisibleCharacters(tool, longestTool)
}

/** Renders how a permission request was answered: `by alice (terminal): too much`. */
export function formatRecordedPermissionAnswer({
  event,
  through,
  who,
  why,
}: Omit<PermissionRequestEnd, 'at'>): string {
  if (event === 'withdrawn') return why === undefined ? '' : revealInvisibleCharacters(why, longestReason)
  const ways = { policy: 'by policy', deadline: 'because it was not answered in time' } as const
  const from = who === undefined ? '' : `by ${revealInvisibleCharacters(who, longestName)}`
  const way = through === 'policy' || through === 'deadline' ? ways[through] : through && `(${through})`
  const how = [from, way].filter(Boolean).join(' ')
  return [how, why === undefined ? '' : revealInvisibleCharacters(why, longestReason)]
    .filter(Boolean)
    .join(': ')
}

/** Lists whose answer counts and where else the permission request is shown: `person only, parked`. */
export function listPermissionRequestMarks({
  humanOnly,
  shown,
  parked,
}: Pick<ShownRequest, 'humanOnly' | 'shown' | 'parked'>): string[] {
  return [
    ...(humanOnly === true ? ['person only'] : []),
    ...(shown === true ? ['shown in its host'] : []),
    ...(parked ? ['parked'] : []),
  ]
}

/** Lists why an agent needs a permission, and who may answer until when. */
function questionRemarks({ by, until, parked, ...question }: ShownRequest, now: number): string {
  return [
    ...(by === undefined ? [] : [revealInvisibleCharacters(by, longestReason)]),
    ...listPermissionRequestMarks(question),
    ...(parked ? ['stays open: an answer wakes the agent'] : []),
    ...(until === undefined ? [] : [`denied in ${formatLongTimeSpan(until - now)}`]),
  ].join('; ')
}

const longestCall = 2_000
const longestTool = 300
const longestName = 100
const longestReason = 300
