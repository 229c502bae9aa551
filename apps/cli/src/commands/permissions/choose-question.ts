import type { AgentSummary, PendingQuestion } from '@subagent-mcp/api'
import { SubagentError, type ApprovalDecision } from '@subagent-mcp/contract'
import { visibleText } from '@subagent-mcp/mcp-server'
import { agentHead } from '../../terminal/agent-lines.js'
import type { Desk } from '../../terminal/command-context.js'
import { answerText, callText } from '../../terminal/questions/question-text.js'

type Meant = { decision: ApprovalDecision; requestId?: string; agent: AgentSummary }

/**
 * The question that is meant: the one that is named, or the only one.
 * @throws SubagentError `no-permission-pending`, which says how the last one was answered; `invalid-parameter` for one of
 * several
 */
export async function chooseQuestion(
  questions: readonly PendingQuestion[],
  meant: Meant,
  client: Desk['client'],
): Promise<PendingQuestion> {
  const { agent, requestId } = meant
  const own = questions.filter(({ agentId }) => agentId === agent.id)
  const [question, ...others] =
    requestId === undefined ? own : own.filter((other) => other.requestId === requestId)
  if (!question) throw await nothingAsked(meant, own, client)
  if (others.length > 0) throw several(meant, own)
  return question
}

async function nothingAsked(
  { agent, requestId, decision }: Meant,
  own: readonly PendingQuestion[],
  client: Desk['client'],
): Promise<SubagentError> {
  const records = await client.permissionLog({ agent: agent.id })
  const last = records.findLast(
    ({ event, through, ...record }) =>
      event !== 'asked' && through !== 'policy' && (requestId ?? record.requestId) === record.requestId,
  )
  const known = last ? `: ${visibleText(last.requestId, 200)} was ${last.event} before` : ''
  const how = last && answerText(last)
  const what = requestId === undefined ? 'no permission' : `no permission '${visibleText(requestId, 200)}'`
  const message = `agent ${agentHead(agent)} asks for ${what}${known}${how ? `, ${how}` : ''}`
  const hint =
    own.length > 0 ? listText(agent, decision, own) : 'subagent-mcp permissions lists what is asked'
  return new SubagentError('no-permission-pending', message, { hint })
}

function several({ agent, decision }: Meant, own: readonly PendingQuestion[]): SubagentError {
  const what = `agent ${agentHead(agent)} asks ${own.length} questions: name one`
  return new SubagentError('invalid-parameter', what, { hint: listText(agent, decision, own) })
}

function listText(
  { id }: AgentSummary,
  decision: Meant['decision'],
  questions: readonly PendingQuestion[],
): string {
  const lines = questions.map(
    (question) => `\n  ${visibleText(question.requestId, 200)}  ${callText(question)}`,
  )
  return `subagent-mcp permissions ${decision} ${id} <request>, which is one of${lines.join('')}`
}
