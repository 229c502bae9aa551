import type { PendingQuestion } from '@subagent-mcp/api'
import { idAndName } from '../../terminal/agent-lines.js'
import { clockTime } from '../../terminal/format.js'
import type { PermissionRequestQueue } from '../../terminal/questions/ask-questions.js'
import { permissionEndIn } from '../../terminal/questions/question-facts.js'
import {
  type PermissionRequestEnd,
  permissionAnswerText,
  permissionRequestLine,
  toolNameText,
} from '../../terminal/questions/question-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { safeJson } from '../../terminal/text.js'

/** Prints a line for each permission request of an agent and one for its end, and asks no one. */
export function printQuestions(json: boolean, { stdout }: Terminal): PermissionRequestQueue<PendingQuestion> {
  const open = new Map<string, PendingQuestion>()
  const print = ({ at, text, data }: Line): void => {
    void stdout.print(`${json ? safeJson(data) : `${clockTime(at)}  ${text}`}\n`)
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
        const end = permissionEndIn(fact, question)
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

function askedLine(question: PendingQuestion): Line {
  const { askedAt: at } = question
  const text = `${permissionRequestLabel(question)} ${permissionRequestLine(question, at)}`
  return { at, text, data: { event: 'asked', ...question } }
}

function endLine(question: PendingQuestion, end: PermissionRequestEnd): Line {
  const { agentId, requestId, tool } = question
  return { at: end.at, text: permissionEndText(question, end), data: { ...end, agentId, requestId, tool } }
}

export function permissionRequestLabel({ agentId: id, name }: PendingQuestion): string {
  return idAndName({ id, ...(name !== undefined && { name }) })
}

/** Describes in one line how a permission request ended. */
export function permissionEndText(question: PendingQuestion, end: PermissionRequestEnd): string {
  const how = permissionAnswerText(end)
  return `${permissionRequestLabel(question)}: ${toolNameText(question.tool)} ${end.event}${how && ` ${how}`}`
}
