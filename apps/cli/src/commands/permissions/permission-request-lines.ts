import type { PendingPermissionRequest } from '@subagent-mcp/api'
import { formatAgentIdAndName } from '../../terminal/agent-lines.js'
import { formatClockTime } from '../../terminal/format.js'
import type { PermissionRequestQueue } from '../../terminal/questions/ask-questions.js'
import { readPermissionEnd } from '../../terminal/questions/question-facts.js'
import {
  type PermissionRequestEnd,
  formatRecordedPermissionAnswer,
  formatPermissionRequestLine,
  formatToolName,
} from '../../terminal/questions/question-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { formatSafeJson } from '../../terminal/text.js'

/** Prints a line for each permission request of an agent and one for its end, and asks no one. */
export function createPermissionRequestPrinter(
  json: boolean,
  { stdout }: Terminal,
): PermissionRequestQueue<PendingPermissionRequest> {
  const open = new Map<string, PendingPermissionRequest>()
  const print = ({ at, text, data }: Line): void => {
    void stdout.print(`${json ? formatSafeJson(data) : `${formatClockTime(at)}  ${text}`}\n`)
  }
  return {
    add: (question) => {
      const key = `${question.agentId} ${question.requestId}`
      if (open.has(key)) return
      open.set(key, question)
      print(askedLine(question))
    },
    update: (fact) => {
      for (const [key, question] of [...open]) {
        const end = readPermissionEnd(fact, question)
        if (!end) continue
        open.delete(key)
        print(endLine(question, end))
      }
    },
    close: () => {
      open.clear()
    },
  }
}

type Line = { at: number; text: string; data: object }

function askedLine(question: PendingPermissionRequest): Line {
  const { askedAt: at } = question
  const text = `${formatPermissionRequestLabel(question)} ${formatPermissionRequestLine(question, at)}`
  return { at, text, data: { event: 'asked', ...question } }
}

function endLine(question: PendingPermissionRequest, end: PermissionRequestEnd): Line {
  const { agentId, requestId, tool } = question
  return {
    at: end.at,
    text: describePermissionEnd(question, end),
    data: { ...end, agentId, requestId, tool },
  }
}

export function formatPermissionRequestLabel({ agentId: id, name }: PendingPermissionRequest): string {
  return formatAgentIdAndName({ id, ...(name !== undefined && { name }) })
}

/** Describes in one line how a permission request ended. */
export function describePermissionEnd(question: PendingPermissionRequest, end: PermissionRequestEnd): string {
  const how = formatRecordedPermissionAnswer(end)
  return `${formatPermissionRequestLabel(question)}: ${formatToolName(question.tool)} ${end.event}${how && ` ${how}`}`
}
