import { SubagentError, type ApprovalDecision } from '@subagent-mcp/contract'
import type { UserAnswer } from '@subagent-mcp/core'
import type { PendingQuestion } from '@subagent-mcp/daemon'
import { visibleText } from '@subagent-mcp/mcp-server'
import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { agentHead } from '../../terminal/agent-words.js'
import { answererAt } from '../../terminal/answerer.js'
import { askPerson, outcomeLine } from '../../terminal/ask-person.js'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { jsonText } from '../../terminal/json-text.js'
import { callText, questionText } from '../../terminal/question-words.js'
import type { Terminal } from '../../terminal/terminal.js'
import { chooseQuestion } from './choose-question.js'
import { answerFlags, readAnswerOrder, type AnswerOrder } from './permissions-order.js'
import { questionHead } from './print-questions.js'

/** Allows what an agent asks for. */
export const permissionsAllow = answerCommand('allow', 'Allow what an agent asks for')

/** Denies it. */
export const permissionsDeny = answerCommand('deny', 'Deny what an agent asks for; it goes on without it')

function answerCommand(decision: ApprovalDecision, description: string) {
  return defineCommand({
    meta: { name: decision, description },
    args: {
      agent: { type: 'positional', required: true, description: 'Its id, the beginning of it, or its name' },
      request: {
        type: 'positional',
        required: false,
        description: 'Which question; needed where it asks several, or nobody is at a terminal',
      },
      ...answerFlags,
    },
    run: async ({ rawArgs }) => {
      const order = readAnswerOrder(decision, rawArgs)
      await atTerminal((desk) => answerQuestion(order, desk))
    },
  })
}

/**
 * Answers one question, and says which it was. What is allowed has been seen: it is named, or shown first, and then the
 * person may also deny it or leave it open.
 * @throws SubagentError `needs-person` where no person may be there, and as `chooseQuestion`
 */
export async function answerQuestion(order: AnswerOrder, { client, terminal }: Desk): Promise<number> {
  if (terminal.isInsideAgent()) throw insideAgent()
  const { word, json } = order
  const [agents, questions] = await Promise.all([client.agents(), client.permissions()])
  const agent = chooseAgent(agents, word, ({ id }) => questions.some(({ agentId }) => agentId === id))
  const question = await chooseQuestion(questions, { agent, ...order }, client)
  const answer = await answerTo(question, order, terminal)
  if (!answer) {
    await terminal.stderr.print(outcomeLine(answer))
    return exitCode.failed
  }
  const { requestId } = question
  const done = await client.answer(agent.id, { requestId, ...answer, ...answererAt(terminal) })
  const may = answer.decision === 'allow' ? 'may do it' : 'may not do it'
  const text = `${agentHead(agent)} ${may}: ${callText(question)}`
  await terminal.stdout.print(`${json ? jsonText(done, 2) : text}\n`)
  return answer.decision === order.decision ? exitCode.done : exitCode.failed
}

/** Whoever names a question has seen it; the shell of a model has no keyboard. */
async function answerTo(
  question: PendingQuestion,
  { decision, requestId, reason }: AnswerOrder,
  { ask, ...terminal }: Terminal,
): Promise<UserAnswer | undefined> {
  const { humanOnly } = question
  const why = reason === undefined ? {} : { reason }
  if (decision === 'deny' || (requestId !== undefined && humanOnly !== true)) return { decision, ...why }
  if (!ask) throw humanOnly === true ? needsPerson(question) : unseen(question)
  await terminal.stderr.print(questionText(question, terminal, `${questionHead(question)} `))
  const answer = await askPerson(question, { ask, ...terminal }, new AbortController().signal)
  return answer && { ...why, ...answer }
}

function needsPerson({ by }: PendingQuestion): SubagentError {
  const why = by === undefined ? '' : ` (${visibleText(by, 300)})`
  const what = `only a person may allow this${why}: stdin or stderr is no terminal`
  return new SubagentError('needs-person', what, { hint: 'run it at a terminal, without a pipe' })
}

function unseen(question: PendingQuestion): SubagentError {
  const { agentId, requestId } = question
  const hint = `subagent-mcp permissions allow ${agentId} ${requestId} allows ${callText(question)}`
  const what = `nobody is at a terminal to see what ${questionHead(question)} asks: name the question`
  return new SubagentError('invalid-parameter', what, { hint })
}

function insideAgent(): SubagentError {
  return new SubagentError('needs-person', 'a sub-agent answers no questions by this command', {
    hint: 'those of its own agents it answers with respond_permission',
  })
}
