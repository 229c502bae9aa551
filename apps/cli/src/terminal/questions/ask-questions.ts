import type { Fact, UserAnswer } from '@subagent-mcp/core'
import { answererAt } from '../answerer.js'
import { askPerson, outcomeLine } from './ask-person.js'
import type { Desk } from '../command-context.js'
import { plainText } from '../text.js'
import { questionEnd } from './question-end.js'
import { questionText, type Question, type QuestionEnd } from './question-text.js'

/** The questions of agents, put to a person one after another. */
export type Questions<Asked extends Question> = {
  /** It is put as soon as those before it are answered; again only where its answer was not taken. */
  put(question: Asked): void
  /** Takes back what others answered, or nobody needs to know any more. */
  hear(fact: Fact): void
  /** Takes back those that are open. */
  close(): void
}

/** What is said besides a question, and what becomes of one where nobody is there to be asked. */
export type Manner<Asked extends Question> = {
  head(question: Asked): string
  /** Said when a question is taken back before the eyes of the person. */
  takenBack(question: Asked, end: QuestionEnd): string
  unanswered: 'deny' | 'leave'
}

/** Puts questions to whoever is there. */
export function askQuestions<Asked extends Question>(manner: Manner<Asked>, desk: Desk): Questions<Asked> {
  const { stderr } = desk.terminal
  const open = new Map<string, Open<Asked>>()
  let asking = Promise.resolve()
  return {
    put: (question) => {
      const key = `${question.agentId} ${question.requestId}`
      if (open.has(key)) return
      const one = { question, calledOff: new AbortController(), isAsked: false }
      open.set(key, one)
      asking = asking
        .then(() => settle(one, manner, desk))
        // Somebody else was faster, or the daemon is gone, as the facts say too: the next can be put all the same.
        .catch((error: unknown) => {
          open.delete(key)
          return stderr.print(`${plainText(error instanceof Error ? error.message : String(error))}\n`)
        })
    },
    hear: (fact) => {
      for (const [key, { question, calledOff, isAsked }] of [...open]) {
        const end = questionEnd(fact, question)
        if (!end) continue
        open.delete(key)
        calledOff.abort()
        if (isAsked) void stderr.print(manner.takenBack(question, end))
      }
    },
    close: () => {
      for (const { calledOff } of open.values()) calledOff.abort()
      open.clear()
    },
  }
}

/** `isAsked`: the person has it before them. */
type Open<Asked> = { question: Asked; calledOff: AbortController; isAsked: boolean }

async function settle<Asked extends Question>(
  one: Open<Asked>,
  { head, unanswered }: Manner<Asked>,
  { client, terminal }: Desk,
): Promise<void> {
  const { question, calledOff } = one
  const isOver = (): boolean => calledOff.signal.aborted
  if (isOver()) return
  one.isAsked = terminal.ask !== undefined
  await terminal.stderr.print(questionText(question, terminal, head(question)))
  if (isOver()) return
  const { ask, stderr } = terminal
  const answer = ask
    ? await askPerson(question, { ask, stderr }, calledOff.signal)
    : withoutPerson(unanswered)
  one.isAsked = false
  if (isOver()) return
  if (answer) {
    const from = ask ? answererAt(terminal) : { who: 'subagent-mcp run' }
    await client.answer(question.agentId, { requestId: question.requestId, ...answer, ...from })
  }
  await stderr.print(ask ? outcomeLine(answer) : withoutPersonText[unanswered])
}

/** What becomes of a question where stdin is no terminal. */
function withoutPerson(unanswered: 'deny' | 'leave'): UserAnswer | undefined {
  if (unanswered === 'leave') return undefined
  return { decision: 'deny', reason: 'nobody is there to ask: do without it, or say what you need' }
}

const withoutPersonText = {
  deny: 'denied: nobody is there to ask, as stdin is no terminal\n',
  leave: 'left to others\n',
}
