import type { PendingQuestion } from '@subagent-mcp/api'
import { SubagentError, type ApprovalDecision } from '@subagent-mcp/contract'
import type { UserAnswer } from '@subagent-mcp/core'
import { visibleText } from '@subagent-mcp/mcp-server'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { agentHead } from '../../terminal/agent-lines.js'
import { answererAt } from '../../terminal/answerer.js'
import { askPerson, outcomeLine } from '../../terminal/questions/ask-person.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { jsonText } from '../../terminal/json-text.js'
import { callText, questionText } from '../../terminal/questions/question-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { chooseQuestion } from './choose-question.js'
import { questionHead } from './question-lines.js'

const words = {
  agent: text('agent', 'Id of the agent, the beginning of it, or its name'),
  request: text(
    'request',
    'Id of the question. It is needed when the agent asks several, or when no terminal is there to show it',
  ).exactOptional(),
}
const flags = {
  reason: text('text', 'Reason, for the agent and the audit log').exactOptional(),
  json: toggle('Print the answer as JSON'),
}

/** How `permissions allow` is called. */
export const permissionsAllowSpec = commandSpec({ description: 'Allow what an agent asks for', words, flags })

/** Allows what an agent asks for. */
export const permissionsAllow = defineCommand(permissionsAllowSpec, (args) =>
  atTerminal((desk) => answerQuestion(answerOf('allow', args), desk)),
)

/** Denies what an agent asks for. */
export const permissionsDeny = defineCommand(
  { description: 'Deny what an agent asks for; its turn continues without it', words, flags },
  (args) => atTerminal((desk) => answerQuestion(answerOf('deny', args), desk)),
)

/** What the command line answers. */
export function answerOf(
  decision: ApprovalDecision,
  { request: requestId, ...args }: ArgsOf<typeof permissionsAllowSpec>,
): Answer {
  return { decision, ...args, ...(requestId !== undefined && { requestId }) }
}

/** The answer to a question of an agent; without `requestId` to its only one. */
type Answer = {
  decision: ApprovalDecision
  /** Id, beginning of the id, or name. */
  agent: string
  requestId?: string
  reason?: string
  json: boolean
}

/**
 * Answers one question, and says which it was. What is allowed has been seen: it is named, or shown first, and then the
 * person may also deny it or leave it open.
 * @throws SubagentError `needs-person` where no person may be there, and as `chooseQuestion`
 */
export async function answerQuestion(asked: Answer, { client, terminal }: Desk): Promise<number> {
  if (terminal.isInsideAgent()) throw insideAgent()
  const { agent: word, json } = asked
  const [agents, questions] = await Promise.all([client.agents(), client.permissions()])
  const agent = chooseAgent(agents, word, ({ id }) => questions.some(({ agentId }) => agentId === id))
  const question = await chooseQuestion(questions, { ...asked, agent }, client)
  const answer = await answerTo(question, asked, terminal)
  if (!answer) {
    await terminal.stderr.print(outcomeLine(answer))
    return exitCode.failed
  }
  const { requestId } = question
  const done = await client.answer(agent.id, { requestId, ...answer, ...answererAt(terminal) })
  const may = answer.decision === 'allow' ? 'may do it' : 'may not do it'
  const line = `${agentHead(agent)} ${may}: ${callText(question)}`
  await terminal.stdout.print(`${json ? jsonText(done, 2) : line}\n`)
  return answer.decision === asked.decision ? exitCode.done : exitCode.failed
}

/** Whoever names a question has seen it; the shell of a model has no keyboard. */
async function answerTo(
  question: PendingQuestion,
  { decision, requestId, reason }: Answer,
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
