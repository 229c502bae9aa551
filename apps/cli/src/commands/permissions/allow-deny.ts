import type { PendingPermissionRequest } from '@subagent-mcp/api'
import { SubagentError, type ToolApprovalDecision } from '@subagent-mcp/contract'
import type { UserPermissionAnswer } from '@subagent-mcp/core'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { agentArgument, textArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { formatAgentIdAndName } from '../../terminal/agent-lines.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { refuseSubAgents, describeTerminalAnswerer } from '../../terminal/person.js'
import { printResult } from '../../terminal/print.js'
import { askPersonForPermission, describeTypedPermissionAnswer } from '../../terminal/questions/ask-person.js'
import { formatToolCallLine, formatPermissionRequest } from '../../terminal/questions/question-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { choosePermissionRequest } from './choose-permission-request.js'
import { formatPermissionRequestLabel } from './permission-request-lines.js'

const words = {
  agent: agentArgument,
  request: textArgSchema(
    'request',
    'Id of the request; needed if the agent has several, and in scripts',
  ).exactOptional(),
}
const flags = {
  reason: textArgSchema(
    'text',
    'Reason for the decision, which the agent and the audit log get',
  ).exactOptional(),
  json: booleanArgSchema('Print the answered request as JSON instead of text, for scripts'),
}

export const permissionsAllowCommand = defineDaemonCommand(
  {
    description: 'Allow the tool call for which an agent waits for your permission',
    examples: ['permissions allow k3f9', 'permissions allow k3f9 req-2'],
    ...{ words, flags },
  },
  (args, context) => answerQuestion('allow', args, context),
)

export const permissionsDenyCommand = defineDaemonCommand(
  {
    description: 'Deny the tool call for which an agent waits for your permission; it continues without it',
    examples: ['permissions deny k3f9', 'permissions deny k3f9 --reason "use npm test"'],
    ...{ words, flags },
  },
  (args, context) => answerQuestion('deny', args, context),
)

type AnswerArgs = { agent: string; request?: string; reason?: string; json: boolean }

/**
 * Answers one permission request, and prints which one it was. A person allows only what they have seen: the request is
 * named by its id, or is shown first, and then may also be denied or left open.
 * @throws SubagentError `needs-person` inside a sub-agent or without a person, and as `choosePermissionRequest`
 */
async function answerQuestion(
  decision: ToolApprovalDecision,
  { agent: word, json, ...args }: AnswerArgs,
  { client, terminal }: CommandContext,
): Promise<number> {
  refuseSubAgents(
    terminal,
    'a sub-agent cannot answer permission requests by this command',
    'for agents that it launched it uses the tool respond_permission',
  )
  const [agents, questions] = await Promise.all([client.agents(), client.permissions()])
  const agent = chooseAgent(agents, word, ({ id }) => questions.some(({ agentId }) => agentId === id))
  const question = await choosePermissionRequest(questions, { decision, agent, ...args }, client)
  const answer = await answerTo(question, { decision, ...args }, terminal)
  if (!answer) {
    await terminal.stderr.print(describeTypedPermissionAnswer(answer))
    return exitCode.failed
  }
  const { requestId } = question
  const data = await client.answer(agent.id, { requestId, ...answer, ...describeTerminalAnswerer(terminal) })
  const may = answer.decision === 'allow' ? 'may do it' : 'may not do it'
  await printResult(terminal, json, {
    text: `${formatAgentIdAndName(agent)} ${may}: ${formatToolCallLine(question)}`,
    data,
  })
  return answer.decision === decision ? exitCode.done : exitCode.failed
}

type Answer = { decision: ToolApprovalDecision; request?: string; reason?: string }

/** Returns the decision on a permission request. Asks the person first, unless the caller denies it or names its id. */
async function answerTo(
  question: PendingPermissionRequest,
  { decision, request, reason }: Answer,
  { ask, ...terminal }: Terminal,
): Promise<UserPermissionAnswer | undefined> {
  const { humanOnly } = question
  const why = reason === undefined ? {} : { reason }
  if (decision === 'deny' || (request !== undefined && humanOnly !== true)) return { decision, ...why }
  if (!ask) throw humanOnly === true ? needsPerson(question) : notShown(question)
  await terminal.stderr.print(
    formatPermissionRequest(question, terminal, `${formatPermissionRequestLabel(question)} `),
  )
  const answer = await askPersonForPermission(question, { ask, ...terminal }, new AbortController().signal)
  return answer && { ...why, ...answer }
}

function needsPerson({ by }: PendingPermissionRequest): SubagentError {
  const why = by === undefined ? '' : ` (${revealInvisibleCharacters(by, 300)})`
  const message = `only a person may allow this${why}: stdin or stderr is no terminal`
  return new SubagentError('needs-person', message, { hint: 'run it at a terminal, without a pipe' })
}

function notShown(question: PendingPermissionRequest): SubagentError {
  const { agentId, requestId } = question
  const hint = `subagent-mcp permissions allow ${agentId} ${requestId} allows ${formatToolCallLine(question)}`
  const message = `without a terminal the question of ${formatPermissionRequestLabel(question)} cannot be shown: name its id`
  return new SubagentError('invalid-parameter', message, { hint })
}
