import { type QuestionEnd, answerText, questionLine, toolText } from '../../terminal/questions/question-text.js'
import type { PendingQuestion } from '@subagent-mcp/api'
import { agentHead } from '../../terminal/agent-lines.js'
import type { Questions } from '../../terminal/questions/ask-questions.js'
import { clockTime } from '../../terminal/clock-time.js'
import { jsonText } from '../../terminal/json-text.js'
import { questionEnd } from '../../terminal/questions/question-end.js'
import type { Terminal } from '../../terminal/terminal.js'

/** Tells the questions of agents and what became of them, a line each, and asks nobody. */
export function tellQuestions(json: boolean, { stdout }: Terminal): Questions<PendingQuestion> {
  const open = new Map<string, PendingQuestion>()
  const tell = (line: Line): void => {
    void stdout.print(`${json ? jsonText(line.data) : `${clockTime(line.at)}  ${line.text}`}\n`)
  }
  return {
    put: (question) => {
      const key = `${question.agentId} ${question.requestId}`
      if (open.has(key)) return
      open.set(key, question)
      tell(askedLine(question))
    },
    hear: (fact) => {
      for (const [key, question] of [...open]) {
        const end = questionEnd(fact, question)
        if (!end) continue
        open.delete(key)
        tell(endLine(question, end))
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
  const text = `${questionHead(question)} ${questionLine(question, at)}`
  return { at, text, data: { event: 'asked', ...question } }
}

function endLine(question: PendingQuestion, end: QuestionEnd): Line {
  const { agentId, requestId, tool } = question
  return { at: end.at, text: endText(question, end), data: { ...end, agentId, requestId, tool } }
}

/** Whose question it is. */
export function questionHead({ agentId: id, name }: PendingQuestion): string {
  return agentHead({ id, ...(name !== undefined && { name }) })
}

/** What became of it. */
export function endText(question: PendingQuestion, end: QuestionEnd): string {
  const how = answerText(end)
  return `${questionHead(question)}: ${toolText(question.tool)} ${end.event}${how && ` ${how}`}`
}
