import { SubagentError, type ApprovalRequest } from '@subagent-mcp/contract'
import type { Fact } from '@subagent-mcp/core'
import type { Desk } from '../terminal/at-terminal.js'
import { isYes } from '../terminal/is-yes.js'
import { plainText } from '../terminal/plain-text.js'
import type { Terminal } from '../terminal/terminal.js'

/** Puts an agent's questions to the person, one after another. */
export type Questions = {
  /** A question is put as soon as those before it are answered; one that others answered is taken back. */
  hear(fact: Fact): void
  /** Takes back those that are open. */
  close(): void
}

/** Answers an agent's questions: as the person says, and with no where nobody is there. */
export function answerQuestions(agentId: string, desk: Desk): Questions {
  const open = new Map<string, AbortController>()
  let asking = Promise.resolve()
  const takeBack = (requestIds: Iterable<string>): void => {
    for (const requestId of requestIds) open.get(requestId)?.abort()
  }
  return {
    hear: (fact) => {
      takeBack(overWith(fact, open.keys()))
      if (!isQuestion(fact)) return
      const request = fact.event
      const controller = new AbortController()
      open.set(request.requestId, controller)
      asking = asking.then(() => settle({ agentId, request, signal: controller.signal }, desk))
    },
    close: () => {
      takeBack(open.keys())
    },
  }
}

type QuestionFact = Fact & { type: 'session-event-received'; event: { type: 'approval-requested' } }

/** Whether an agent asks for a permission. */
export function isQuestion(fact: Fact): fact is QuestionFact {
  return fact.type === 'session-event-received' && fact.event.type === 'approval-requested'
}

/** The questions that no longer need an answer after a fact. */
function overWith(fact: Fact, open: Iterable<string>): Iterable<string> {
  if (fact.type === 'answer-requested') return [fact.requestId]
  if (fact.type !== 'session-event-received') return []
  const { event } = fact
  if (event.type === 'approval-withdrawn') return [event.requestId]
  return event.type === 'turn-ended' || event.type === 'session-closed' ? open : []
}

type Question = { agentId: string; request: ApprovalRequest; signal: AbortSignal }

async function settle({ agentId, request, signal }: Question, { client, terminal }: Desk): Promise<void> {
  const isOver = (): boolean => signal.aborted
  if (isOver()) return
  const { requestId } = request
  await terminal.stderr.print(questionText(request, terminal))
  const answer = await decide(terminal, signal)
  if (isOver()) return
  try {
    await client.answer(agentId, { requestId, ...answer })
  } catch (error) {
    // Somebody else was faster, or the daemon is gone, which the stream of facts says as well.
    if (!(error instanceof SubagentError)) throw error
    await terminal.stderr.print(`${plainText(error.message)}\n`)
  }
}

/** The whole call: what is asked must not hide behind a harmless beginning. */
function questionText({ tool, input }: ApprovalRequest, { stderr }: Terminal): string {
  const call = input === undefined ? '' : `\n${JSON.stringify(input, undefined, 2)}`
  return `${stderr.paint('yellow', plainText(`asks permission: ${tool}${call}`))}\n`
}

type Decision = { decision: 'allow' | 'deny'; reason?: string }

async function decide({ ask, stderr }: Terminal, signal: AbortSignal): Promise<Decision> {
  if (!ask) {
    await stderr.print('denied: nobody is there to ask, as stdin is no terminal\n')
    return { decision: 'deny', reason: 'nobody is there to ask: do without it, or say what you need' }
  }
  const answer = await ask('allow? [y/N] ', signal)
  if (isYes(answer)) return { decision: 'allow' }
  // By Ctrl-D, which leaves the cursor behind the question.
  if (answer === undefined && !signal.aborted) {
    await stderr.print('\ndenied: nobody answered\n')
    return { decision: 'deny', reason: 'nobody answered' }
  }
  return { decision: 'deny', reason: 'the user said no' }
}
